#pragma once

#include <string>

namespace remora::cli {

/// Prints the events of a length-delimited protobuf stream as JSON lines.
[[nodiscard]] int decode(const std::string& file);

}  // namespace remora::cli
