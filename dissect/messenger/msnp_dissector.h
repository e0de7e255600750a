#pragma once

#include <array>
#include <cstddef>

#include "dissect/conversation/context.h"
#include "dissect/conversation/dissector.h"
#include "dissect/messenger/message_scan.h"

namespace remora::messenger {

/// One conversation with an MSN switchboard or notification server: looks for tickets in its
/// messages.
///
/// State: the payload that is coming. LIMIT: kMaxPayload a message; larger ones are passed over.
class MsnpDissector : public Dissector {
 public:
  static constexpr std::size_t kMaxPayload = std::size_t{64} << 10U;

  explicit MsnpDissector(const Context& context) : context_{&context} {}

  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;
  void on_end(Side from, Instant at, Findings& out) override;

 private:
  const Context* context_;
  std::array<MessageScan, 2> payloads_;  ///< by index_of(Side)
};

}  // namespace remora::messenger
