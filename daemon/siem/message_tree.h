#pragma once

#include <google/protobuf/message.h>

#include "daemon/siem/json.h"

namespace remora::siem {

/// The fields of `message` that are set, under their names in the schema. As proto3 JSON has them,
/// but for 64-bit numbers, which stay numbers here.
[[nodiscard]] Json to_tree(const google::protobuf::Message& message);

}  // namespace remora::siem
