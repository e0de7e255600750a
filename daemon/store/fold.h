#pragma once

#include <string>
#include <string_view>

namespace remora::store {

/// `text` as names are compared: every letter of valid UTF-8 in lower case, one by one (Windows
/// compares account and host names like that). What is no UTF-8 stays as it is.
[[nodiscard]] std::string fold(std::string_view text);

/// A host name or address as hosts are compared: folded, without the dot at its end, an IPv6
/// address as RFC 5952 writes it.
[[nodiscard]] std::string fold_host(std::string_view text);

}  // namespace remora::store
