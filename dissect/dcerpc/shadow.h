#pragma once

#include <cstdint>

#include "capture/base/bytes.h"
#include "dissect/ndr/guid.h"
#include "dissect/ndr/ndr_reader.h"

namespace remora::dcerpc {

/// SessEnvPublicRpc, [MS-TSTS] 1.9 and 3.10.4.1: sessions of others are looked at by the same means
/// as Remote Assistance, with an invitation that the server gives.
inline constexpr auto kSessEnvPublicRpc = ndr::make_guid("1257B580-CE2F-4109-82D6-A9459D0BF6BC");
inline constexpr std::uint16_t kRpcShadow2 = 0;

/// The answer of RpcShadow2, 3.10.4.1.1.
struct ShadowReply {
  ByteView invitation;      ///< a connection string 2 in UTF-16; borrowed
  std::uint32_t result{0};  ///< HRESULT
};
[[nodiscard]] ShadowReply read_shadow_reply(ndr::NdrReader& in);

}  // namespace remora::dcerpc
