#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "daemon/event/delimited.h"
#include "daemon/net/connection.h"
#include "daemon/outputs/stream/config.h"
#include "remora/v1/collector.pb.h"

namespace remora::outputs::stream {

/// The frame of an event, behind its length.
void append_delivery(std::string& out, std::uint64_t number, std::string_view event);

/// One conversation with a collector that let us in. After a failure of any call it is over; what
/// had been acknowledged before stays told.
///
/// LIMIT: a collector's frame has at most 64 KiB; 100,000 rejections that nobody took.
class Session {
 public:
  /// Connects and greets. `sensor` is our name there. Fails with what, where, what to do.
  [[nodiscard]] static tl::expected<Session, std::string> open(const Config& config,
                                                               const std::string& sensor);

  /// Sends frames of events; `last` is the number of the last one. Numbers go on from `sent()`.
  [[nodiscard]] tl::expected<void, std::string> send(std::string_view frames, std::uint64_t last,
                                                     net::Deadline deadline);
  /// Takes what the collector says, and waits for it until `deadline`; one that has passed asks
  /// without waiting. False: it said nothing.
  [[nodiscard]] tl::expected<bool, std::string> listen(net::Deadline deadline);

  /// The last number; 0 before the first.
  [[nodiscard]] std::uint64_t sent() const { return sent_; }
  /// All up to this number is durable there, or rejected; 0 while nothing is.
  [[nodiscard]] std::uint64_t acknowledged() const { return acknowledged_; }
  /// Numbers that were rejected since this was asked last, in order.
  [[nodiscard]] std::vector<std::uint64_t> take_rejected();
  /// Why the first of them was rejected.
  [[nodiscard]] const std::string& rejection() const { return rejection_; }

 private:
  explicit Session(net::Connection connection);
  [[nodiscard]] std::string greet(const std::string& sensor, net::Deadline deadline);
  [[nodiscard]] std::string on_bytes(std::string_view bytes);
  [[nodiscard]] std::string on_frame(const v1::CollectorFrame& frame);
  [[nodiscard]] std::string wrong(std::string_view what) const;

  net::Connection connection_;
  DelimitedReader frames_;
  bool welcome_{false};
  std::uint64_t sent_{0};
  std::uint64_t acknowledged_{0};
  std::uint64_t last_rejected_{0};
  std::vector<std::uint64_t> rejected_;
  std::string rejection_;
};

}  // namespace remora::outputs::stream
