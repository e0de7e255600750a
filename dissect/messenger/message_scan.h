#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "capture/base/bytes.h"
#include "capture/base/flow_key.h"
#include "capture/base/frame.h"
#include "dissect/conversation/context.h"
#include "dissect/conversation/findings.h"
#include "dissect/ticket/stream_scan.h"

namespace remora::messenger {

/// The payload of one message on its way, looked through for tickets. One side's messages come one
/// after the other; a ticket does not go on from one to the next.
///
/// State: that of ticket::StreamScan.
class MessageScan {
 public:
  /// A payload of `size` bytes begins. `carriage` is what the copies that are found get; `context`
  /// outlives the scan.
  void begin(const Context& context, observation::Carriage carriage, std::uint64_t size);
  /// Whether more of it is to come.
  [[nodiscard]] bool begun() const { return left_ > 0; }

  /// Its next bytes, perhaps with what stands behind it; returns how many of them are its own.
  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out);
  /// No more comes, whatever was announced.
  void on_end(Side from, Instant at, Findings& out);

 private:
  std::optional<ticket::StreamScan> scan_;
  std::uint64_t left_{0};
};

}  // namespace remora::messenger
