#pragma once

#include <cstddef>
#include <string>

#include <tl/expected.hpp>

namespace remora {

/// Why bytes from a stranger could not be read: the field, where it stands and what was wrong.
struct ReadError {
  std::string field;      ///< specification name with its blocks, "CS_CORE.clientName"
  std::size_t offset{0};  ///< of the field, in bytes from the start of what was decoded
  std::string reason;     ///< lower case, no full stop: "10 of 32 bytes"

  /// "CS_CORE.clientName at 24: 10 of 32 bytes"
  [[nodiscard]] std::string to_text() const;

  bool operator==(const ReadError&) const = default;
};

/// A value, or the reason why there is none. The only error type of readers.
template <typename T>
using Result = tl::expected<T, ReadError>;

}  // namespace remora
