#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "dissect/conversation/dissector.h"
#include "dissect/smb/framing.h"
#include "dissect/spnego/authentication.h"

namespace remora::smb {

/// An SMB connection up to its first tree connect: who logs on, and what both machines are called.
/// What follows is files, and is never followed.
///
///   session request (139) ─► negotiate ─► session setup ×n ─► tree connect ─► left
///
/// State: the authentication exchange, and how much was read.
class SmbDissector final : public Dissector {
 public:
  /// LIMIT: of a message that is read; larger ones are passed over.
  static constexpr std::uint32_t kMaxMessageBytes = 64U << 10U;
  /// LIMIT: messages, and bytes of them, before the flow is left without a tree connect.
  static constexpr std::uint32_t kMaxMessages = 64;
  static constexpr std::uint64_t kMaxBytes = 256U << 10U;

  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;

 private:
  [[nodiscard]] std::size_t on_session_message(Side from, std::uint32_t size, ByteView bytes,
                                               Instant at, Findings& out);
  void on_smb1(Side from, ByteView message, Instant at, Findings& out);
  void on_smb2(Side from, ByteView message, Instant at, Findings& out);

  spnego::Authentication authentication_;
  std::uint32_t messages_{0};
  std::uint64_t bytes_{0};
  std::array<bool, 2> lost_{};  ///< by index_of(Side): no message was found since a hole
};

}  // namespace remora::smb
