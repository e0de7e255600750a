#pragma once

#include <cstddef>
#include <cstdint>

#include "dissect/conversation/dissector.h"
#include "dissect/conversation/extent.h"
#include "dissect/conversation/family.h"

namespace remora::kdc {

/// LIMIT: bytes of a message on TCP; tickets with a large PAC have some 20 KiB.
inline constexpr std::size_t kMaxMessageBytes = 64U << 10U;

/// One message behind its four-byte length, RFC 4120 7.2.2. Lost where none can begin.
[[nodiscard]] Extent measure_kdc_message(ByteView bytes);

/// By content: the length, the tag and the length behind the tag must agree.
[[nodiscard]] Verdict recognise(ByteView first_bytes);

/// Requests and answers on one connection; mostly one of each. Observes EndNamed and EndAccount.
///
/// State: how many messages were read, and whether one was lost.
class KdcDissector final : public Dissector {
 public:
  /// LIMIT: messages of one connection.
  static constexpr std::uint32_t kMaxMessages = 16;

  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;

 private:
  std::uint32_t messages_{0};
  bool lost_{false};
};

}  // namespace remora::kdc
