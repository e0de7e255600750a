#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dissect/conversation/dissector.h"
#include "dissect/conversation/family.h"
#include "dissect/names/dns_message.h"

namespace remora::names {

/// DNS over TCP, RFC 1035 4.2.2 and RFC 7766 8: each message behind its length in two bytes.
///
/// By content, and only a stub resolver's question: recursion desired, one question of the Internet
/// class, nothing behind it but OPT and TSIG records, and a length that says just that.
[[nodiscard]] Verdict recognise_dns_stream(ByteView first_bytes);

/// Tells what answers say to questions that were seen. Does not know its flow's addresses, so that
/// names are told "to the receiver". Leaves the flow at the first thing that is not as it should
/// be.
///
/// State: the questions that wait for their answer. LIMIT: 16 of them, 64 messages.
class DnsStreamDissector final : public Dissector {
 public:
  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;

 private:
  struct Asked {
    Side by{};
    std::uint16_t id{0};
    Question question;
  };

  [[nodiscard]] bool on_message(Side from, ByteView bytes, Instant at, Findings& out);
  void on_answer(Side from, const DnsMessage& message, Instant at, Findings& out);

  std::vector<Asked> asked_;
  std::size_t messages_{0};
  bool holed_{false};
};

}  // namespace remora::names
