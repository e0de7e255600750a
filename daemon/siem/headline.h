#pragma once

#include <string_view>

namespace remora::siem {

/// How a kind is called by people, and how bad it is: 0 to 10, as CEF and LEEF count.
struct Headline {
  std::string_view kind;
  std::string_view name;
  int severity{0};
};
[[nodiscard]] const Headline& headline_of(std::string_view kind);

}  // namespace remora::siem
