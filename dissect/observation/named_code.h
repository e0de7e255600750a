#pragma once

#include <cstdint>
#include <string>

namespace remora::observation {

/// A code of a specification's table together with its name there.
struct NamedCode {
  std::uint32_t code{0};
  std::string name;  ///< empty when the table does not have the code
  bool operator==(const NamedCode&) const = default;
};

}  // namespace remora::observation
