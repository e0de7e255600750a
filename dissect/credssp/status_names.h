#pragma once

#include <cstdint>

#include "dissect/observation/named_code.h"

namespace remora::credssp {

/// NTSTATUS of a refused authentication, [MS-ERREF] 2.3.1, as far as CredSSP servers send it.
[[nodiscard]] observation::NamedCode named_status(std::uint32_t code);

/// authorizationResult of the Early User Authorization Result PDU, [MS-RDPBCGR] 2.2.10.2.
[[nodiscard]] observation::NamedCode named_authorization_result(std::uint32_t code);

/// ResultCode of the RDSTLS Authentication Response PDU, 2.2.17.4.
[[nodiscard]] observation::NamedCode named_rdstls_result(std::uint32_t code);

}  // namespace remora::credssp
