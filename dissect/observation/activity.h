#pragma once

#include <cstdint>

namespace remora::observation {

/// The client's user pressed keys or moved the pointer: how often since this was told last, never
/// which. Told at most once a second. [MS-RDPBCGR] 2.2.8.1.
struct InputSeen {
  std::uint32_t keys{0};     ///< key presses; releases and repeats by the server do not count
  std::uint32_t pointer{0};  ///< pointer events, buttons and wheel included
  bool operator==(const InputSeen&) const = default;
};

}  // namespace remora::observation
