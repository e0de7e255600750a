#pragma once

#include <optional>
#include <string>

#include "capture/base/address.h"
#include "capture/base/flow_key.h"
#include "dissect/observation/ticket.h"

namespace remora::observation {

/// A router leads a port of its public side to a machine behind it from here on, or no longer; it
/// was asked by `asker` and agreed. UPnP WANIPConnection 2.4.16 and 2.4.18.
struct PortMappingChanged {
  bool made{false};
  Side asker{};
  std::string protocol{};  ///< "TCP" or "UDP"
  Port external_port{};
  std::optional<IpAddress> internal_address{};  ///< only where it was made, as the next
  std::optional<Port> internal_port{};
  std::string description{};  ///< UTF-8; empty where none was given
  bool operator==(const PortMappingChanged&) const = default;
};

/// A router told the address of its public side. `Finding::from` is the router.
struct PublicAddressTold {
  IpAddress address;
  bool operator==(const PublicAddressTold&) const = default;
};

/// A connection was asked for where nobody listens: the SYN of the other side was answered with an
/// RST, RFC 9293 3.10.7.1. `Finding::from` is who answered, or a firewall in its name.
struct ConnectionRefused {
  bool operator==(const ConnectionRefused&) const = default;
};

/// The name under which a ticket could be found was withdrawn by its publisher.
struct TicketNameRevoked {
  Sha256 ticket{};  ///< its key
  bool operator==(const TicketNameRevoked&) const = default;
};

}  // namespace remora::observation
