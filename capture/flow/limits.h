#pragma once

#include <chrono>
#include <cstddef>

#include "capture/base/time.h"

namespace remora::capture {

/// LIMIT: everything about flows that could grow without end. Defaults suit a sensor; the owner
/// passes its own, and divides them where it has several tables.
struct FlowLimits {
  std::size_t flows{1'000'000};           ///< in the table at once
  std::size_t memory_bytes{256U << 20U};  ///< flows, index, details, what streams and readers hold
  std::size_t out_of_order_bytes{256U
                                 << 10U};      ///< held per side of a flow before a gap is declared
  std::size_t out_of_order_segments{512};      ///< likewise, in segments
  std::size_t out_of_order_total{64U << 20U};  ///< held for all flows together
  Nanoseconds half_open_timeout{std::chrono::seconds{60}};  ///< a SYN that nobody answered
  Nanoseconds idle_timeout{std::chrono::minutes{5}};        ///< a flow nobody is interested in
  Nanoseconds interest_timeout{std::chrono::hours{1}};      ///< a flow of interest
  Nanoseconds half_close_timeout{std::chrono::minutes{1}};  ///< after the first FIN
  Nanoseconds linger{std::chrono::seconds{1}};              ///< after RST or both FINs
  /// After an RST in a flow of interest: if its sender goes on, it was forged.
  Nanoseconds reset_linger{std::chrono::seconds{10}};
};

}  // namespace remora::capture
