#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace remora::siem {

/// Keeps members in the order in which they are put: the same event gives the same bytes.
using Json = nlohmann::ordered_json;

/// On one line, without its end: line ends and control characters of strangers are escaped, bytes
/// that are not UTF-8 become U+FFFD.
[[nodiscard]] inline std::string to_line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace remora::siem
