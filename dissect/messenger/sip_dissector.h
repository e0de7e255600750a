#pragma once

#include <array>
#include <cstddef>

#include "dissect/conversation/context.h"
#include "dissect/conversation/dissector.h"
#include "dissect/messenger/message_scan.h"

namespace remora::messenger {

/// SIP over TCP: looks for tickets in the bodies of its messages.
///
/// State: the body that is coming. LIMIT: kMaxBody a body; larger ones are passed over.
class SipDissector : public Dissector {
 public:
  static constexpr std::size_t kMaxBody = std::size_t{64} << 10U;

  explicit SipDissector(const Context& context) : context_{&context} {}

  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;
  void on_end(Side from, Instant at, Findings& out) override;

 private:
  const Context* context_;
  std::array<MessageScan, 2> bodies_;  ///< by index_of(Side)
};

/// The same over UDP, a message a datagram.
class SipDatagrams : public DatagramDissector {
 public:
  explicit SipDatagrams(const Context& context) : context_{&context} {}

  void on_datagram(const Datagram& datagram, Findings& out) override;

 private:
  const Context* context_;
};

}  // namespace remora::messenger
