#pragma once

#include "dissect/conversation/family.h"

namespace remora::http {

inline constexpr Protocol kProtocol{"http"};

/// HTTP/1.x in clear, for its logins with NTLM and Negotiate.
[[nodiscard]] Family family();

}  // namespace remora::http
