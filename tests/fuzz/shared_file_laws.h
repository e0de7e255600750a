#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <variant>
#include <vector>

#include "dissect/observation/observation.h"
#include "tests/fuzz/channel_talk.h"
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

/// Messages on the channel (channel_talk.h): the findings are the same however a message is cut,
/// and what is told of files makes sense.
template <typename Dissector>
void demand_shared_file_laws(std::string_view channel, ByteView input) {
  const auto messages = split(input);
  const auto listen = [&](std::size_t piece_bytes) {
    Dissector dissector;
    return hear(dissector, channel, messages, piece_bytes);
  };
  const auto whole = listen(SIZE_MAX);
  const auto cut = listen(3);
  demand(whole.found == cut.found, "the findings do not depend on how a message is cut");
  demand_sense(whole.found);
}

}  // namespace remora::fuzz
