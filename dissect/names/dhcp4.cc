#include "dissect/names/dhcp4.h"

#include <utility>

#include "dissect/names/dhcp4_message.h"
#include "dissect/names/host_address.h"

namespace remora::names {
namespace {

constexpr std::uint8_t kFromClient = 1;  // RFC 2131 2: op
constexpr std::uint8_t kFromServer = 2;

/// An ACK without `yiaddr` answers INFORM and gives nothing away (RFC 2131 4.3.5).
void on_ack(const Datagram& datagram, Dhcp4Message message, Findings& out) {
  const auto holders = message.holders();
  if (holders.empty() || !is_host_address(message.yours)) { return; }
  out.observe(datagram.at, datagram.from, "dhcp.ack",
              observation::AddressAssigned{.address = message.yours,
                                           .holder = holders.front(),
                                           .names = std::move(message.names),
                                           .lease = message.lease});
}

void on_host(const Datagram& datagram, const Dhcp4Message& message, Findings& out) {
  if (message.names.empty()) { return; }
  for (const auto& holder : message.holders()) {
    out.observe(datagram.at, datagram.from, "dhcp.request",
                observation::HostNamed{.holder = holder, .names = message.names});
  }
}

/// What the machine at `ciaddr` says of itself (RFC 2131 4.3.2 RENEWING, 4.3.5), not a relay.
void on_own_address(const Datagram& datagram, const Dhcp4Message& message, Findings& out) {
  if (message.client != datagram.source.address || !is_host_address(message.client)) { return; }
  for (const auto& name : message.names) {
    out.observe(datagram.at, datagram.from, "dhcp.host_name",
                observation::NameLearned{
                    .address = message.client, .name = name, .kind = observation::NameKind::kDhcp});
  }
}

void on_given_up(const Datagram& datagram, const IpAddress& address, const char* rule,
                 Findings& out) {
  if (!is_host_address(address)) { return; }
  out.observe(datagram.at, datagram.from, rule, observation::AddressReleased{.address = address});
}

void on_client(const Datagram& datagram, const Dhcp4Message& message, Findings& out) {
  switch (message.type) {
    case DhcpType::kDiscover:
      return on_host(datagram, message, out);
    case DhcpType::kRequest:
      on_host(datagram, message, out);
      return on_own_address(datagram, message, out);
    case DhcpType::kInform:
      return on_own_address(datagram, message, out);
    case DhcpType::kRelease:
      return on_given_up(datagram, message.client, "dhcp.release", out);
    case DhcpType::kDecline:
      return on_given_up(datagram, message.wanted.value_or(IpAddress{}), "dhcp.decline", out);
    default:
      break;
  }
}

bool is_dhcp_port(Port port) {
  return port == kDhcpServerPort || port == kDhcpClientPort;
}

}  // namespace

bool recognise_dhcp4(const Datagram& datagram) {
  if (!is_dhcp_port(datagram.source.port) || !is_dhcp_port(datagram.destination.port)) {
    return false;
  }
  Cursor in{datagram.bytes};
  in.skip(kDhcp4FixedBytes, "fixed fields");
  return in.u32be("magic cookie") == kDhcp4Cookie;
}

void read_dhcp4(const Datagram& datagram, Findings& out) {
  auto message = decode(datagram.bytes, read_dhcp4_message);
  if (!message.has_value()) { return; }
  if (message->op == kFromClient) { return on_client(datagram, *message, out); }
  // Only servers and relays speak from port 67.
  const bool from_server = message->op == kFromServer && datagram.source.port == kDhcpServerPort;
  if (from_server && message->type == DhcpType::kAck) {
    on_ack(datagram, std::move(*message), out);
  }
}

}  // namespace remora::names
