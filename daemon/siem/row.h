#pragma once

#include <span>
#include <string_view>

#include "daemon/siem/json.h"

namespace remora::siem {

/// A value as another format wants it; null where it cannot say it.
using Conversion = Json (*)(const Json& value);

[[nodiscard]] Json same(const Json& value);

/// One line of a mapping: `to` of the receiver's format <- `from` of the facts. Where several rows
/// have the same `to`, the first that has a value wins.
struct Row {
  std::string_view to;
  std::string_view from;
  Conversion as{same};
};

/// Puts into `out` what `rows` say; what found a place is taken out of `rest`, a copy of the facts.
void map_rows(std::span<const Row> rows, const Json& facts, Json& out, Json& rest);

}  // namespace remora::siem
