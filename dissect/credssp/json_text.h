#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace remora::credssp {

/// The value of a member of the outermost object, RFC 8259: a text without its escapes, made valid
/// UTF-8, or a number as it is written. Empty when there is no such member, or its value is
/// something else. Lenient: what is not needed to find it may be anything.
[[nodiscard]] std::optional<std::string> json_scalar(std::string_view object,
                                                     std::string_view name);

}  // namespace remora::credssp
