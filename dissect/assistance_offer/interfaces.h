#pragma once

#include <cstdint>

#include "dissect/ndr/guid.h"

namespace remora::assistance_offer {

// [MS-RAI] 1.9 and 3.

inline constexpr auto kPchServiceClass = ndr::make_guid("833E4010-AFF7-4AC3-AAC2-9F24C1457BCE");
inline constexpr auto kRaSrvClass = ndr::make_guid("3C3A70A7-A468-49B9-8ADA-28E11FCCAD5D");
inline constexpr auto kPchService = ndr::make_guid("833E4200-AFF7-4AC3-AAC2-9F24C1457BCE");
inline constexpr auto kPchCollection = ndr::make_guid("833E4100-AFF7-4AC3-AAC2-9F24C1457BCE");
inline constexpr auto kSafSession = ndr::make_guid("833E41AA-AFF7-4AC3-AAC2-9F24C1457BCE");
inline constexpr auto kRaSrv = ndr::make_guid("F120A684-B926-447F-9DF4-C966CB785648");

/// Methods of IPCHService, 3.1.4.1.
inline constexpr std::uint16_t kRemoteConnectionParms = 19;
inline constexpr std::uint16_t kRemoteUserSessionInfo = 20;
/// Methods of IRASrv, 3.3.4.1.
inline constexpr std::uint16_t kGetNoviceUserInfo = 7;
inline constexpr std::uint16_t kGetSessionInfo = 8;

}  // namespace remora::assistance_offer
