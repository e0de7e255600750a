#include "dissect/names/nbns.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dissect/names/dns_message.h"
#include "dissect/names/host_address.h"
#include "dissect/names/host_name.h"
#include "dissect/names/netbios_name.h"

namespace remora::names {
namespace {

using observation::NameLearned;
using Ttl = std::optional<std::chrono::seconds>;

constexpr Ttl kReleased{std::chrono::seconds{0}};

/// RFC 1002 4.2.13, 4.2.2: 0 is for ever.
Ttl to_netbios_ttl(const Record& record) {
  return record.ttl.count() == 0 ? std::nullopt : Ttl{record.ttl};
}

/// The machine's name that an NB record is about; empty where it is something else's.
std::optional<std::string> host_of(const Record& record) {
  if (record.type != RecordType::kNetBiosName || record.klass != kClassInternet) {
    return std::nullopt;
  }
  const auto name = to_netbios_name(record.owner);
  if (!name.has_value() || !name->is_of_host()) { return std::nullopt; }
  return to_host_name(name->text);
}

/// Addresses of a name that one machine has.
std::vector<IpAddress> addresses_of(const Record& record) {
  std::vector<IpAddress> out;
  const auto entries = decode(record.data, read_netbios_addresses);
  if (!entries.has_value()) { return out; }
  for (const auto& entry : *entries) {
    if (!entry.is_group && is_host_address(entry.address)) { out.push_back(entry.address); }
  }
  return out;
}

void tell(const Datagram& datagram, const char* rule, NameLearned learned, Findings& out) {
  learned.kind = observation::NameKind::kNbns;
  out.observe(datagram.at, datagram.from, rule, std::move(learned));
}

/// `asked`: the sender is who was asked, as a name server (WINS) is, which speaks of others. A
/// broadcast is answered by the owner of the name, who speaks of itself.
void on_query_response(const Datagram& datagram, const Record& record, bool asked, Findings& out) {
  const auto host = host_of(record);
  if (!host.has_value()) { return; }
  for (const auto& address : addresses_of(record)) {
    if (!asked && address != datagram.source.address) { continue; }
    tell(datagram, "nbns.query_response",
         {.address = address,
          .name = *host,
          .ttl = to_netbios_ttl(record),
          .told_to = datagram.destination.address},
         out);
  }
}

void on_node_status(const Datagram& datagram, const Record& record, Findings& out) {
  const auto names = decode(record.data, read_node_names);
  if (!names.has_value()) { return; }
  std::optional<std::string> told;  // workstation and file server bear the same name
  for (const auto& name : *names) {
    auto host = name.is_of_host() ? to_host_name(name.text) : std::nullopt;
    if (!host.has_value() || host == told) { continue; }
    told = host;
    tell(datagram, "nbns.node_status",
         {.address = datagram.source.address, .name = std::move(*host)}, out);
  }
}

void on_response(const Datagram& datagram, const DnsMessage& message, bool asked, Findings& out) {
  if (!message.header.is_positive_answer() || message.answers.size() != 1 ||
      !is_host_address(datagram.destination.address)) {
    return;
  }
  const auto& record = message.answers.front();
  if (record.type == RecordType::kNetBiosStatus) {
    on_node_status(datagram, record, out);
  } else {
    on_query_response(datagram, record, asked, out);
  }
}

/// Who claims a name, or gives it back, speaks of its own address.
void on_claim(const Datagram& datagram, const DnsMessage& message, const char* rule, bool release,
              Findings& out) {
  if (message.additionals.size() != 1) { return; }
  const auto& record = message.additionals.front();
  auto host = host_of(record);
  if (!host.has_value()) { return; }
  for (const auto& address : addresses_of(record)) {
    if (address != datagram.source.address) { continue; }
    tell(datagram, rule,
         {.address = address, .name = *host, .ttl = release ? kReleased : to_netbios_ttl(record)},
         out);
  }
}

}  // namespace

bool recognise_nbns(const Datagram& datagram) {
  if (datagram.source.port != kNbnsPort && datagram.destination.port != kNbnsPort) { return false; }
  const auto header = to_dns_header(datagram.bytes);
  return header.has_value() && header->questions + header->answers == 1 && header->additionals <= 1;
}

void NbnsReader::on_datagram(const Datagram& datagram, Findings& out) {
  const auto header = to_dns_header(datagram.bytes);
  if (!header.has_value()) { return; }
  const auto now = datagram.at.time;
  if (!header->is_response() && header->additionals == 0) {
    const bool query = header->opcode() == Opcode::kQuery && header->questions == 1;
    if (query && datagram.destination.port == kNbnsPort) {
      asked_.remember(datagram.source, datagram.destination, datagram.bytes, now);
    }
    return;
  }
  if (datagram.source.port != kNbnsPort) { return; }
  const auto message = to_dns_message(datagram.bytes, Sections::kAll);
  if (!message.has_value()) { return; }
  if (header->is_response()) {
    const bool asked = asked_.take(datagram.destination, datagram.source, datagram.bytes, now);
    return on_response(datagram, *message, asked, out);
  }
  switch (header->opcode()) {
    case Opcode::kRegistration:
    case Opcode::kRefresh:
    case Opcode::kRefreshAlternative:
    case Opcode::kMultihomedRegistration:
      return on_claim(datagram, *message, "nbns.registration", false, out);
    case Opcode::kRelease:
      return on_claim(datagram, *message, "nbns.release", true, out);
    default:
      break;
  }
}

}  // namespace remora::names
