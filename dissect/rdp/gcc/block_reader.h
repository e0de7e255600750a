#pragma once

#include <optional>
#include <string>
#include <utility>

#include "capture/base/cursor.h"
#include "capture/base/result.h"
#include "dissect/rdp/gcc/conference.h"

namespace remora::rdp {

/// Whether a block that ends in damage has entries before it. Of blocks that are no lists, nothing
/// tells which fields were read.
template <typename Block>
[[nodiscard]] bool has_entries(const Block& block) {
  if constexpr (requires { block.channels; }) {
    return !block.channels.empty();
  } else if constexpr (requires { block.channel_ids; }) {
    return !block.channel_ids.empty();
  } else if constexpr (requires { block.monitors; }) {
    return !block.monitors.empty();
  } else {
    return false;
  }
}

/// Reads one block into `into`, unless a block of the same kind was there before. An error leaves
/// it empty, or with the entries before the error if it is a list; the first error of all blocks is
/// kept in `damage` as "CS_CORE.clientName".
template <typename Block, typename Reader>
void read_block_into(std::optional<Block>& into, const UserDataBlock& block, const char* name,
                     Reader read, std::optional<ReadError>& damage) {
  if (into) { return; }
  Cursor in{block.body};
  Block value = read(in);
  if (in.ok() || has_entries(value)) { into = std::move(value); }
  if (!in.ok() && !damage) {
    damage = ReadError{.field = std::string{name} + "." + in.error().field,
                       .offset = block.offset + in.error().offset,
                       .reason = in.error().reason};
  }
}

}  // namespace remora::rdp
