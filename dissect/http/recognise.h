#pragma once

#include <string_view>

#include "dissect/conversation/family.h"

namespace remora::http {

/// Whether the client sends one of the methods of ordinary HTTP, RFC 9110 9 and RFC 4918: first
/// bytes "GET ", "POST "… CONNECT and the verbs of a Remote Desktop Gateway are other families'.
[[nodiscard]] Verdict recognise(ByteView first_bytes);

}  // namespace remora::http
