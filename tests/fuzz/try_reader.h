#pragma once

#include "capture/base/cursor.h"
#include "tests/fuzz/demand.h"

namespace remora::fuzz {

/// Reads the input; an error has to name its field and lie in the input.
template <auto Read>
void try_reader(ByteView bytes) {
  const auto result = decode(bytes, [](Cursor& in) { return Read(in); });
  if (result.has_value()) { return; }
  demand(!result.error().field.empty(), "an error names its field");
  demand(result.error().offset <= bytes.size(), "an error lies in the input");
}

}  // namespace remora::fuzz
