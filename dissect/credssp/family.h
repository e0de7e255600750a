#pragma once

#include "dissect/conversation/family.h"

namespace remora::credssp {

inline constexpr Protocol kCredSsp{"credssp"};
inline constexpr Protocol kRdstls{"rdstls"};
inline constexpr Protocol kRdsAad{"rdsaad"};

/// CredSSP, [MS-CSSP]: network level authentication.
[[nodiscard]] Family family();
/// RDSTLS, [MS-RDPBCGR] 2.2.17.
[[nodiscard]] Family rdstls_family();
/// RDS AAD Auth, [MS-RDPBCGR] 2.2.18.
[[nodiscard]] Family aad_family();

}  // namespace remora::credssp
