#pragma once

#include <string>
#include <string_view>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"

namespace remora::names {

/// A domain name, RFC 1035 3.1 and 4.1.4: labels with dots between, no final dot, the root "". A
/// dot or a backslash inside a label is preceded by a backslash (5.1), so that no name of odd
/// labels looks like another. Bytes are as on the wire.
///
/// `message` is what compression pointers count from, and `in` reads the message from its start.
/// LIMIT: pointers go backwards only, 32 at most; 255 bytes a name.
[[nodiscard]] std::string read_domain_name(Cursor& in, ByteView message);

/// The same without compression, ended by the root label or by the end of the input: RFC 4702 3.3.1
/// and RFC 4704 4.2 let a client send a name of which it knows the beginning only.
[[nodiscard]] std::string read_partial_name(Cursor& in);

/// RFC 1035 2.3.3: ASCII letters compare without regard to case.
[[nodiscard]] bool is_same_name(std::string_view one, std::string_view two);

}  // namespace remora::names
