#pragma once

#include <cstdint>

#include "dissect/observation/named_code.h"

namespace remora::assistance_offer {

/// An HRESULT with its name, as far as activation ([MS-DCOM]) and offers ([MS-RAI]) give them.
[[nodiscard]] observation::NamedCode name_result(std::uint32_t hresult);

/// The status of a fault PDU with its name, [C706] appendix E and [MS-RPCE].
[[nodiscard]] observation::NamedCode name_fault(std::uint32_t status);

}  // namespace remora::assistance_offer
