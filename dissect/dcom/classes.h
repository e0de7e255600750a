#pragma once

#include "dissect/ndr/guid.h"

namespace remora::dcom {

// [MS-DCOM] 1.9.

inline constexpr auto kActivationPropertiesIn =
    ndr::make_guid("00000338-0000-0000-C000-000000000046");
inline constexpr auto kActivationPropertiesOut =
    ndr::make_guid("00000339-0000-0000-C000-000000000046");

inline constexpr auto kInstantiationInfo = ndr::make_guid("000001AB-0000-0000-C000-000000000046");
inline constexpr auto kSpecialSystemProperties =
    ndr::make_guid("000001B9-0000-0000-C000-000000000046");
inline constexpr auto kScmReplyInfo = ndr::make_guid("000001B6-0000-0000-C000-000000000046");
/// The same number as that of the whole reply.
inline constexpr auto kPropsOutInfo = kActivationPropertiesOut;

inline constexpr auto kRemoteScmActivator = ndr::make_guid("000001A0-0000-0000-C000-000000000046");
inline constexpr auto kActivation = ndr::make_guid("4D9F4AB8-7D1C-11CF-861E-0020AF6E7C57");
inline constexpr auto kObjectExporter = ndr::make_guid("99FCFEC4-5260-101B-BBCB-00AA0021347A");
inline constexpr auto kRemUnknown = ndr::make_guid("00000131-0000-0000-C000-000000000046");
inline constexpr auto kRemUnknown2 = ndr::make_guid("00000143-0000-0000-C000-000000000046");

}  // namespace remora::dcom
