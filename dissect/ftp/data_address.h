#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "capture/base/address.h"

/// Where a data connection is awaited, as the control connection says it.
namespace remora::ftp {

struct DataAddress {
  std::optional<IpAddress> address{};  ///< absent: that of the control connection
  Port port{};
};

/// "192,0,2,25,195,80" of PORT, and within the text of a 227 reply; RFC 959 4.1.2, 5.2.
[[nodiscard]] std::optional<DataAddress> read_host_port(std::string_view text);
/// "|1|192.0.2.25|50000|" of EPRT, and within the text of a 229 reply "(|||50000|)"; RFC 2428.
[[nodiscard]] std::optional<DataAddress> read_extended_address(std::string_view text);

/// The path of a 257 reply, RFC 959 appendix II: "\"/a \"\"b\"\"\" is current". Empty when there is
/// none.
[[nodiscard]] std::string read_quoted_path(std::string_view text);

}  // namespace remora::ftp
