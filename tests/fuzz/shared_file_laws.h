#pragma once

#include <map>
#include <variant>
#include <vector>

#include "dissect/observation/observation.h"
#include "tests/fuzz/demand.h"

namespace remora::fuzz {

/// Transfers begin once and end once, their bytes become no fewer, and only the whole has a digest.
inline void demand_sense(const std::vector<Finding>& found) {
  using Kind = observation::SharedFileStep::Kind;
  std::map<std::uint64_t, std::uint64_t> moved;
  for (const auto& finding : found) {
    const auto* step = std::get_if<observation::SharedFileStep>(&finding.what);
    if (step == nullptr) { continue; }
    demand(!step->sha256.has_value() || step->size == step->bytes, "only the whole has a digest");
    demand((step->id == 0) == (step->kind >= Kind::kDeleted), "transfers have ids");
    if (step->kind == Kind::kStarted) {
      demand(moved.emplace(step->id, 0).second, "a transfer begins once");
    } else if (step->kind == Kind::kProgress || step->kind == Kind::kEnded) {
      const auto before = moved.find(step->id);
      demand(before != moved.end(), "what goes on has begun");
      demand(before->second <= step->bytes, "bytes become no fewer");
      before->second = step->bytes;
    }
    if (step->kind == Kind::kEnded) { moved.erase(step->id); }
  }
}

}  // namespace remora::fuzz
