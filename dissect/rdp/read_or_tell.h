#pragma once

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"
#include "dissect/conversation/findings.h"

namespace remora::rdp {

/// Reads with `read`, or tells the damage under the rule.
template <typename Reader>
auto read_or_tell(ByteView data, Reader read, const char* rule, Side from, Instant at,
                  Findings& out) {
  auto result = decode(data, read);
  if (!result.has_value()) {
    out.observe(at, from, rule, observation::Damage{.what = result.error().to_text()});
  }
  return result;
}

}  // namespace remora::rdp
