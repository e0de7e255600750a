#pragma once

#include <cstdio>
#include <cstdlib>

namespace remora::fuzz {

/// Ends the program, which libFuzzer takes for a finding, unless `holds`.
inline void demand(bool holds, const char* what) {
  if (holds) { return; }
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

}  // namespace remora::fuzz
