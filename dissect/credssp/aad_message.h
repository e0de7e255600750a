#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dissect/observation/named_code.h"

namespace remora::credssp {

/// The account that an Authentication Request is for, [MS-RDPBCGR] 2.2.18.2.
struct AadAccount {
  std::string user;    ///< UTF-8, as the next
  std::string domain;  ///< behind the "@" of the user principal name
};

/// Reads the claims of the access token inside the RDP Assertion, 2.2.18.2.1. Nothing is verified,
/// and nothing but the name is kept. Empty for another message, and where the token cannot be read:
/// to all but who issues it and who takes it, it is opaque.
[[nodiscard]] std::optional<AadAccount> aad_account(std::string_view message);

/// Whether it is the server's first message.
[[nodiscard]] bool is_aad_nonce(std::string_view message);

/// The result of an Authentication Result PDU, 2.2.18.3: an HRESULT, 0 where the user is let in.
/// Empty for another message.
[[nodiscard]] std::optional<observation::NamedCode> aad_result(std::string_view message);

}  // namespace remora::credssp
