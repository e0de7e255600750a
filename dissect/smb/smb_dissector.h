#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "dissect/conversation/context.h"
#include "dissect/conversation/dissector.h"
#include "dissect/smb/data_run.h"
#include "dissect/smb/framing.h"
#include "dissect/smb/smb1_session.h"
#include "dissect/smb/smb2_session.h"
#include "dissect/spnego/authentication.h"

namespace remora::smb {

/// An SMB connection: who logs on and what both machines are called, up to the first tree connect;
/// the files that go over it, as far as they may be tickets; and what goes through its pipes, each
/// of which is a stream of DCE/RPC, [MS-RPCE] 2.1.1.2.
///
///   each side:  frame header ─► message ─┬─► data of interest ─► next message of a compound …
///                                        └─► passed over
///
/// Left when a message is sealed. State: the authentication exchange, what Smb1Session and
/// Smb2Session keep, and where each side is in its frame.
class SmbDissector final : public Dissector {
 public:
  /// LIMIT: of a message that is read whole; larger ones are passed over.
  static constexpr std::uint32_t kMaxMessageBytes = 64U << 10U;
  /// LIMIT: pieces of a side looked at for the next message after a hole.
  static constexpr std::uint32_t kMaxPiecesWithoutMessage = 1024;

  /// `context` outlives the dissector.
  explicit SmbDissector(const Context& context) : context_{&context} {}

  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;
  void on_end(Side from, Instant at, Findings& out) override;

 private:
  struct OneSide {
    std::uint32_t frame_left{0};    ///< of the session message, from the next header on
    std::optional<DataRun> data{};  ///< in the data of a message
    std::uint64_t behind_data{0};   ///< of the message, to be passed over
    bool is_smb2{false};            ///< whose data it is
    bool lost{false};               ///< no message was found since a hole
  };

  [[nodiscard]] OneSide& side(Side from) { return sides_.at(index_of(from)); }
  [[nodiscard]] std::size_t on_lost(Side from, ByteView bytes, Findings& out);
  [[nodiscard]] std::size_t on_frame(Side from, ByteView bytes, Instant at, Findings& out);
  [[nodiscard]] std::size_t on_message(Side from, ByteView bytes, Instant at, Findings& out);
  [[nodiscard]] std::size_t on_smb1(Side from, ByteView bytes, Instant at, Findings& out);
  [[nodiscard]] std::size_t on_smb2(Side from, ByteView bytes, Instant at, Findings& out);
  [[nodiscard]] std::size_t pass_over(Side from, std::uint32_t size, Findings& out);
  [[nodiscard]] std::size_t begin_data(Side from, const DataRun& data, std::uint32_t message_bytes,
                                       bool is_smb2, Findings& out);
  [[nodiscard]] std::size_t on_data(Side from, ByteView bytes, Instant at, Findings& out);
  [[nodiscard]] std::size_t on_pipe_data(Side from, ByteView bytes, Findings& out);
  static void end_data(OneSide& side, Findings& out);
  [[nodiscard]] FileContent* content_of(const OneSide& of);
  void tell_smb1_names(Side from, ByteView message, Instant at, Findings& out);
  void tell_smb2_names(Side from, const Smb2Header& header, ByteView message, Instant at,
                       Findings& out);
  void on_tree_path(Side from, const std::string& path, Instant at, Findings& out);

  const Context* context_;
  spnego::Authentication authentication_;
  Smb1Session smb1_;
  Smb2Session smb2_;
  std::array<OneSide, 2> sides_;  ///< by index_of(Side)
  std::optional<Side> client_;    ///< who asks; from the first message on
  bool names_told_{false};        ///< the first tree connect ends what a session tells of names
  std::uint32_t pieces_without_message_{0};
};

}  // namespace remora::smb
