#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "dissect/conversation/channel.h"
#include "dissect/conversation/dissector.h"
#include "dissect/conversation/message_stream.h"
#include "dissect/drives/devices.h"
#include "dissect/drives/open_files.h"
#include "dissect/drives/pending_requests.h"
#include "dissect/drives/refusals.h"

namespace remora::drives {

/// The drives that the client of one RDP session lends to its server, on the static channel
/// "rdpdr", [MS-RDPEFS]. The server asks; requests and answers are matched by device and completion
/// id. Bytes of files are counted and digested as they come, never kept.
///
/// State: devices, requests without answer, open files, a small message of each side.
class DrivesDissector final : public ChannelDissector {
 public:
  void on_piece(const ChannelPiece& piece, Instant at, Findings& out) override;

 private:
  /// One side's messages, and the file that the bytes of the current one belong to.
  struct Stream {
    MessageStream messages;
    std::uint32_t device{0};
    std::uint32_t file{0};
    std::uint64_t offset{0};
    bool writes{false};
  };
  class Reader;

  [[nodiscard]] MessagePlan plan(ByteView start, std::uint32_t total, Stream& stream,
                                 const ChannelPiece& piece, Instant at, Findings& out);
  [[nodiscard]] MessagePlan plan_request(const IoRequest& request, Cursor& in, std::uint32_t total,
                                         Stream& stream, const Telling& telling);
  [[nodiscard]] MessagePlan plan_completion(const IoCompletion& completion, Cursor& in,
                                            std::uint32_t total, Stream& stream,
                                            const Telling& telling);
  void on_message(ByteView message, Side from, Instant at, Findings& out);
  void on_content(ByteView bytes, bool last, Stream& stream, const Telling& telling);
  void read_message(Cursor& in, Side from, Instant at, Findings& out);
  void on_request(Cursor& in, const Telling& telling);
  void on_completion(Cursor& in, const Telling& telling);
  void on_created(const Pending& asked, const Create& create, const IoCompletion& answer,
                  Cursor& in, const Telling& telling);
  void on_refused(const Create& create, const std::string& name, std::uint32_t status,
                  const Telling& telling);
  void on_changed(const Pending& asked, const Change& change, const Telling& telling);
  [[nodiscard]] OpenFile* file_of(std::uint32_t device, std::uint32_t file, const Telling& telling);
  void on_loss(Stream& stream, Side from);
  [[nodiscard]] Telling by(Side server, Instant at, Findings& out) {
    return {.server = server, .at = at, .out = out, .last_id = last_id_};
  }

  std::array<Stream, 2> streams_{Stream{.messages = MessageStream{kWriteDataAt}},
                                 Stream{.messages = MessageStream{kWriteDataAt}}};
  Devices devices_;
  PendingRequests pending_;
  OpenFiles files_;
  Refusals refusals_;
  std::optional<Side> server_;  ///< once it asked for something
  std::uint64_t last_id_{0};
};

/// Whether a channel of this name is the one for devices.
[[nodiscard]] bool reads_channel(std::string_view name);

}  // namespace remora::drives
