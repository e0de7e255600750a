#pragma once

#include <string>
#include <string_view>

#include "capture/base/bytes.h"

namespace remora::publish {

/// 16 hex digits that stand for `name`: the beginning of its HMAC-SHA-256 (RFC 2104). The same for
/// the same name and key; ASCII letters count the same in either case, since Windows takes names
/// of users, machines and files so.
[[nodiscard]] std::string handle_of(std::string_view name, ByteView key);

/// Whether it looks like one.
[[nodiscard]] bool is_handle(std::string_view text);

}  // namespace remora::publish
