#pragma once

#include "daemon/siem/json.h"

/// Conversions of rows: the value in, the value of the other format out, null where there is none.
namespace remora::siem {

[[nodiscard]] Json as_text(const Json& value);
[[nodiscard]] Json text_only(const Json& value);  ///< null for all but texts
[[nodiscard]] Json ip_only(const Json& value);    ///< null for all but IP addresses
[[nodiscard]] Json as_list(const Json& value);
[[nodiscard]] Json as_json_text(const Json& value);
[[nodiscard]] Json joined(const Json& value);  ///< a list as "a,b,c"
[[nodiscard]] Json first(const Json& value);   ///< of a list
[[nodiscard]] Json upper(const Json& value);
[[nodiscard]] Json lower(const Json& value);
[[nodiscard]] Json rfc7042_mac(const Json& value);  ///< "00-11-22-33-44-55"
[[nodiscard]] Json percent(const Json& value);      ///< of 0 to 1, rounded

[[nodiscard]] Json milliseconds(const Json& value);          ///< of a duration
[[nodiscard]] Json nanoseconds(const Json& value);           ///< of a duration
[[nodiscard]] Json epoch_milliseconds(const Json& value);    ///< of a time
[[nodiscard]] Json tls_version_number(const Json& value);    ///< "1.2" of "TLS1.2"
[[nodiscard]] Json tls_version_protocol(const Json& value);  ///< "tls" of "TLS1.2"
[[nodiscard]] Json network_type(const Json& value);          ///< "ipv4" of 4

}  // namespace remora::siem
