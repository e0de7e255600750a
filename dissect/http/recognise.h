#pragma once

#include <string_view>

#include "dissect/conversation/family.h"

namespace remora::http {

/// Whether a message of HTTP/1.x begins so, RFC 9110 9 and RFC 4918: a request of an ordinary
/// method, "GET ", "POST "…, or an answer, where the request was not captured. CONNECT and the
/// verbs of a Remote Desktop Gateway are other families'.
[[nodiscard]] Verdict recognise(ByteView first_bytes);

}  // namespace remora::http
