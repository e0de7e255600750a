#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace remora::http {

/// LIMIT: of a place, in bytes; a longer one is none.
inline constexpr std::size_t kMaxPlaceBytes = 2048;

/// The last segment of a request target's path, percent-decoded: "/a/b%20c?d" names "b c". Empty
/// when the path ends in a slash, or is longer than kMaxPlaceBytes.
[[nodiscard]] std::string file_name_of_target(std::string_view target);

/// Where on its server a target lies: path and query without fragment, percent-decoded as far as
/// RFC 3986 2.3 lets it mean the same. A target with an authority, as proxies are asked, keeps that
/// one; that of the Destination header (RFC 4918 10.3) is taken off by `without_authority`.
[[nodiscard]] std::string place_of_target(std::string_view target);
[[nodiscard]] std::string_view without_authority(std::string_view uri);

}  // namespace remora::http
