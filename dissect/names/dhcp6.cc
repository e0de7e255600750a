#include "dissect/names/dhcp6.h"

#include <optional>
#include <string>
#include <vector>

#include "dissect/names/dhcp6_message.h"
#include "dissect/names/host_address.h"

namespace remora::names {
namespace {

constexpr std::uint8_t kHighestType = 36;  // IANA: msg-types of DHCPv6

std::vector<std::string> names_of(const Dhcp6Message& message) {
  return message.fqdn.empty() ? std::vector<std::string>{} : std::vector{message.fqdn};
}

void release(const Datagram& datagram, const Dhcp6Message& message, const char* rule,
             Findings& out) {
  for (const auto& given : message.addresses) {
    if (!is_host_address(given.address)) { continue; }
    out.observe(datagram.at, datagram.from, rule,
                observation::AddressReleased{.address = given.address});
  }
}

/// RFC 8415 18.2.10.1: an address whose valid lifetime is 0 is no longer the client's.
void on_reply(const Datagram& datagram, const Dhcp6Message& message, Findings& out) {
  if (message.client.empty()) { return; }
  for (const auto& given : message.addresses) {
    if (!is_host_address(given.address)) { continue; }
    if (given.valid.count() == 0) {
      out.observe(datagram.at, datagram.from, "dhcpv6.reply",
                  observation::AddressReleased{.address = given.address});
      continue;
    }
    const auto lease = given.for_ever ? std::nullopt : std::optional{given.valid};
    out.observe(datagram.at, datagram.from, "dhcpv6.reply",
                observation::AddressAssigned{.address = given.address,
                                             .holder = message.client,
                                             .names = names_of(message),
                                             .lease = lease});
  }
}

void on_host(const Datagram& datagram, const Dhcp6Message& message, Findings& out) {
  if (message.client.empty() || message.fqdn.empty()) { return; }
  out.observe(datagram.at, datagram.from, "dhcpv6.request",
              observation::HostNamed{.holder = message.client, .names = names_of(message)});
}

bool is_dhcp6_port(Port port) {
  return port == kDhcp6ClientPort || port == kDhcp6ServerPort;
}

}  // namespace

bool recognise_dhcp6(const Datagram& datagram) {
  if (!is_dhcp6_port(datagram.source.port) || !is_dhcp6_port(datagram.destination.port)) {
    return false;
  }
  if (datagram.bytes.size() < 4) { return false; }
  const auto type = to_u8(datagram.bytes.front());
  return type != 0 && type <= kHighestType;
}

void read_dhcp6(const Datagram& datagram, Findings& out) {
  const auto message = decode(datagram.bytes, read_dhcp6_message);
  if (!message.has_value()) { return; }
  switch (message->type) {
    case Dhcp6Type::kReply:
      // Only servers and relays speak from port 547; a client does too where it asks a relay's.
      return datagram.source.port == kDhcp6ServerPort ? on_reply(datagram, *message, out) : void();
    case Dhcp6Type::kSolicit:
    case Dhcp6Type::kRequest:
    case Dhcp6Type::kRenew:
    case Dhcp6Type::kRebind:
      return on_host(datagram, *message, out);
    case Dhcp6Type::kRelease:
      return release(datagram, *message, "dhcpv6.release", out);
    case Dhcp6Type::kDecline:
      return release(datagram, *message, "dhcpv6.decline", out);
    default:
      break;
  }
}

}  // namespace remora::names
