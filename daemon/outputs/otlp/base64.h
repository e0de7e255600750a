#pragma once

#include <string>
#include <string_view>

namespace remora::outputs::otlp {

/// The bytes that `text` stands for, padded or not, as gRPC writes binary metadata; empty where it
/// is no base64.
[[nodiscard]] std::string from_base64(std::string_view text);

}  // namespace remora::outputs::otlp
