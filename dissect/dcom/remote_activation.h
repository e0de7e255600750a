#pragma once

#include "dissect/dcom/activation.h"
#include "dissect/ndr/ndr_reader.h"

namespace remora::dcom {

// IActivation::RemoteActivation, opnum 0, [MS-DCOM] 3.1.2.5.2.3.1: how machines before COM 5.6 ask.

[[nodiscard]] ActivationRequest read_remote_activation(ndr::NdrReader& in);
[[nodiscard]] ActivationReply read_remote_activation_reply(ndr::NdrReader& in);

}  // namespace remora::dcom
