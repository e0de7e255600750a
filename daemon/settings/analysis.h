#pragma once

#include <chrono>
#include <cstdint>

#include "daemon/config/map.h"
#include "daemon/pipeline/checksum_watch.h"

namespace remora::settings {

/// The section `analysis`: how captured frames are followed.
struct Analysis {
  std::uint64_t memory{std::uint64_t{256} << 20U};  ///< bytes for flows and their streams
  std::chrono::milliseconds interim_interval{std::chrono::minutes{10}};
  pipeline::Checksums checksums{pipeline::Checksums::kAuto};
  bool scan_streams{false};       ///< look for tickets in every TCP stream
  bool open_easy_connect{false};  ///< open what Easy Connect publishes
  bool operator==(const Analysis&) const = default;
};

[[nodiscard]] Analysis read_analysis(config::Map map);

}  // namespace remora::settings
