#pragma once

#include <cstdint>
#include <string>

#include "capture/base/bytes.h"
#include "dissect/assistance_offer/help_blob.h"
#include "dissect/ndr/ndr_reader.h"

namespace remora::assistance_offer {

/// IPCHService::RemoteConnectionParms, opnum 19, [MS-RAI] 3.1.4.1.1: help for one Windows session.
struct ConnectionParmsRequest {
  Account novice;
  std::uint32_t session_id{0};
  Account expert;  ///< of bstrUserHelpBlob
};
[[nodiscard]] ConnectionParmsRequest read_connection_parms(ndr::NdrReader& in);

/// The answer of this and of IRASrv::GetNoviceUserInfo.
struct ConnectionStringReply {
  ByteView connection_string;  ///< UTF-16, little-endian; borrowed
  std::uint32_t result{0};     ///< HRESULT
};
[[nodiscard]] ConnectionStringReply read_connection_parms_reply(ndr::NdrReader& in);

}  // namespace remora::assistance_offer
