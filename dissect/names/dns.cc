#include "dissect/names/dns.h"

#include "dissect/names/dns_answers.h"
#include "dissect/names/dns_message.h"

namespace remora::names {
namespace {

constexpr std::size_t kSmallestQuestion = 5;  // the root, QTYPE, QCLASS
constexpr std::uint16_t kReserved = 0x0040;   // Z, RFC 1035 4.1.1

}  // namespace

bool recognise_dns_datagram(const Datagram& datagram) {
  if (datagram.source.port != kDnsPort && datagram.destination.port != kDnsPort) { return false; }
  if (datagram.bytes.size() < kDnsHeaderBytes + kSmallestQuestion) { return false; }
  const auto header = to_dns_header(datagram.bytes);
  return header.has_value() && header->opcode() == Opcode::kQuery && header->questions == 1 &&
         (header->flags & kReserved) == 0;
}

void DnsReader::on_datagram(const Datagram& datagram, Findings& out) {
  const auto header = to_dns_header(datagram.bytes);
  if (!header.has_value() || header->questions != 1) { return; }
  if (!header->is_response()) {
    if (datagram.destination.port == kDnsPort) {
      asked_.remember(datagram.source, datagram.destination, datagram.bytes, datagram.at.time);
    }
    return;
  }
  if (datagram.source.port != kDnsPort ||
      !asked_.take(datagram.destination, datagram.source, datagram.bytes, datagram.at.time)) {
    return;
  }
  if (!header->is_positive_answer() || header->answers == 0) { return; }
  const auto message = to_dns_message(datagram.bytes, Sections::kAnswers);
  if (!message.has_value()) { return; }
  for (auto& name : to_names(*message)) {
    name.told_to = datagram.destination.address;
    out.observe(datagram.at, datagram.from, "dns.answer", std::move(name));
  }
}

}  // namespace remora::names
