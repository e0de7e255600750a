#pragma once

#include <cstdint>
#include <string>

#include "daemon/config/map.h"

namespace remora::settings {

/// What becomes of a name in an event; the stricter the higher.
enum class Treatment : std::uint8_t {
  kFull,  ///< told as it is
  kHash,  ///< a handle stands for it, the same for the same name and key
  kOmit,  ///< left out
};

/// The section `privacy`.
struct Privacy {
  Treatment user_names{Treatment::kFull};
  Treatment host_names{Treatment::kFull};
  Treatment file_names{Treatment::kFull};
  std::string key_file;  ///< keys the handles; there wherever anything is kHash
  bool operator==(const Privacy&) const = default;

  [[nodiscard]] bool hides_nothing() const {
    return user_names == Treatment::kFull && host_names == Treatment::kFull &&
           file_names == Treatment::kFull;
  }
};

/// Without a key anybody could hash a list of names and compare: `hash` without `key_file` is
/// refused.
[[nodiscard]] Privacy read_privacy(config::Map map);

}  // namespace remora::settings
