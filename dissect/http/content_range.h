#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace remora::http {

/// "bytes 0-99/250", RFC 9110 14.4.
struct ContentRange {
  std::uint64_t first{0};
  std::uint64_t last{0};
  std::optional<std::uint64_t> complete_length{};  ///< absent for "*"

  [[nodiscard]] bool is_last() const {
    return !complete_length.has_value() || last + 1 >= *complete_length;
  }
};

/// Empty when it is no range of bytes.
[[nodiscard]] std::optional<ContentRange> read_content_range(std::string_view value);

}  // namespace remora::http
