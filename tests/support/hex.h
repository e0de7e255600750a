#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace remora::testing {

/// Bytes from hexadecimal text laid out as the specification lays them out; white space is ignored.
/// Any other character fails the test that calls it.
[[nodiscard]] std::vector<std::byte> hex(std::string_view text);

}  // namespace remora::testing
