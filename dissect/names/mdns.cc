#include "dissect/names/mdns.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include "dissect/names/dns_message.h"
#include "dissect/names/domain_name.h"
#include "dissect/names/host_address.h"
#include "dissect/names/host_name.h"

namespace remora::names {
namespace {

constexpr std::uint16_t kClassMask = 0x7fff;  // RFC 6762 10.2: the highest bit is cache-flush

bool is_local(std::string_view name) {
  constexpr std::string_view kLocal{".local"};
  return name.size() > kLocal.size() &&
         is_same_name(name.substr(name.size() - kLocal.size()), kLocal);
}

bool is_told_by(const IpAddress& sender, const Record& record) {
  return *record.address == sender || is_link_local_sibling(*record.address, sender);
}

/// Addresses of .local names, wherever in the message they stand (RFC 6763 12 puts them among the
/// additionals).
std::vector<Record> addresses_in(DnsMessage& message) {
  auto records = std::move(message.answers);
  std::ranges::move(message.additionals, std::back_inserter(records));
  std::erase_if(records, [](const Record& record) {
    return !record.address.has_value() || (record.klass & kClassMask) != kClassInternet ||
           !is_local(record.owner);
  });
  return records;
}

}  // namespace

bool recognise_mdns(const Datagram& datagram) {
  if (datagram.source.port != kMdnsPort && datagram.destination.port != kMdnsPort) { return false; }
  const auto header = to_dns_header(datagram.bytes);
  return header.has_value() && header->opcode() == Opcode::kQuery &&
         (header->questions != 0 || header->answers != 0);
}

void read_mdns(const Datagram& datagram, Findings& out) {
  if (datagram.source.port != kMdnsPort) { return; }  // RFC 6762 11
  const auto header = to_dns_header(datagram.bytes);
  if (!header.has_value() || !header->is_positive_answer()) { return; }
  auto message = to_dns_message(datagram.bytes, Sections::kAll);
  if (!message.has_value()) { return; }
  const auto records = addresses_in(*message);
  for (const auto& record : records) {
    const bool own = std::ranges::any_of(records, [&](const Record& other) {
      return is_same_name(other.owner, record.owner) && is_told_by(datagram.source.address, other);
    });
    auto host = to_host_name(record.owner);
    if (!own || !host.has_value() || !is_host_address(*record.address)) { continue; }
    out.observe(datagram.at, datagram.from, "mdns.answer",
                observation::NameLearned{.address = *record.address,
                                         .name = std::move(*host),
                                         .kind = observation::NameKind::kMdns,
                                         .ttl = record.ttl});
  }
}

}  // namespace remora::names
