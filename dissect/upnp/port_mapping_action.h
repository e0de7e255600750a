#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "capture/base/address.h"

namespace remora::upnp {

/// An action of WANIPConnection:1 (2.4) or WANPPPConnection:1 as a request names it.
struct PortMappingAction {
  enum class Kind : std::uint8_t { kOther, kAdd, kDelete, kGetExternalAddress };
  Kind kind{Kind::kOther};
  std::string protocol{};  ///< NewProtocol, "TCP" or "UDP"
  std::optional<Port> external_port{};
  std::optional<Port> internal_port{};
  std::optional<IpAddress> internal_client{};
};

/// `soap_action`: the header's value, with or without quotes. Arguments are those of 2.4.16 and
/// 2.4.18.
[[nodiscard]] PortMappingAction read_action(std::string_view soap_action, std::string_view body);

/// NewExternalIPAddress in the answer to GetExternalIPAddress, 2.4.14.
[[nodiscard]] std::optional<IpAddress> read_external_address(std::string_view body);

/// The text of the first element of this name; nothing where it does not end.
[[nodiscard]] std::optional<std::string_view> element_text(std::string_view body,
                                                           std::string_view name);

}  // namespace remora::upnp
