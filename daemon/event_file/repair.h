#pragma once

#include <cstdint>

#include <tl/expected.hpp>

#include "daemon/event_file/event_file.h"

namespace remora::event_file {

/// What is in a file of events.
struct Contents {
  std::uint64_t whole_bytes{0};  ///< of events, from the front
  /// Behind them comes something that is no event cut off by the file's end.
  bool damaged{false};
};

/// Reads the whole file; costs about what `remora decode` costs. Fails with what is wrong with
/// reading it.
[[nodiscard]] tl::expected<Contents, std::string> examine(const std::string& path, Format format);

}  // namespace remora::event_file
