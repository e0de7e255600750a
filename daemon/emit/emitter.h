#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "capture/base/time.h"
#include "dissect/session/event.h"
#include "remora/v1/event.pb.h"

namespace remora::emit {

/// Who tells the events.
struct SensorIdentity {
  std::string name;
  std::string version;
  std::string source;  ///< interface, or capture file without its folders
};

/// What a sensor did from its first frame to its last.
struct Health {
  Moment start;
  Moment end;
  std::uint64_t frames{0};
  std::uint64_t wire_bytes{0};
  std::map<std::string, std::uint64_t> drops;  ///< by reason
  std::uint64_t flows{0};
  std::uint64_t open_flows{0};
  std::uint64_t open_sessions{0};
  bool truncated{false};  ///< the capture was cut off in the middle of a record
  // Of live capture.
  std::uint64_t dropped_by_kernel{0};  ///< frames for which its ring had no room
  std::optional<std::uint64_t> memory_bytes{};
};

/// Puts what happened into the words of the contract (docs/events.md). The only place that does.
/// Same input, same bytes.
class Emitter {
 public:
  /// Names of files and sensors are bytes; in events they are UTF-8.
  explicit Emitter(SensorIdentity sensor);

  [[nodiscard]] std::unique_ptr<v1::Event> to_event(const session::Event& event) const;

  /// Its time is the end of the interval.
  [[nodiscard]] std::unique_ptr<v1::Event> to_event(const Health& health) const;

 private:
  [[nodiscard]] std::unique_ptr<v1::Event> tell(const session::SessionEvent& event) const;
  [[nodiscard]] std::unique_ptr<v1::Event> tell(const session::TicketEvent& event) const;
  [[nodiscard]] std::unique_ptr<v1::Event> tell(const session::OfferEvent& event) const;

  SensorIdentity sensor_;
};

}  // namespace remora::emit
