#include "daemon/siem/row.h"

#include <utility>

#include "daemon/siem/paths.h"

namespace remora::siem {

Json same(const Json& value) {
  return value;
}

void map_rows(std::span<const Row> rows, const Json& facts, Json& out, Json& rest) {
  for (const auto& row : rows) {
    const auto* value = find(facts, row.from);
    if (value == nullptr) { continue; }
    auto converted = row.as(*value);
    if (converted.is_null()) { continue; }
    if (put(out, row.to, std::move(converted))) { erase(rest, row.from); }
  }
}

}  // namespace remora::siem
