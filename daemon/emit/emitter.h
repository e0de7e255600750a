#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "daemon/pipeline/engine.h"
#include "dissect/session/session_event.h"
#include "remora/v1/event.pb.h"

namespace remora::emit {

/// Who tells the events.
struct SensorIdentity {
  std::string name;
  std::string version;
  std::string source;  ///< interface, or capture file without its folders
};

/// Puts what happened into the words of the contract (docs/events.md). The only place that does.
/// Same input, same bytes.
class Emitter {
 public:
  explicit Emitter(SensorIdentity sensor) : sensor_{std::move(sensor)} {}

  [[nodiscard]] std::unique_ptr<v1::Event> to_event(const session::SessionEvent& event) const;

  /// What the engine did from its first frame to its last. Only when it has seen one.
  [[nodiscard]] std::unique_ptr<v1::Event> to_health(const pipeline::Engine& engine) const;

 private:
  SensorIdentity sensor_;
};

/// The name of the event's kind in the contract: "session_opened".
[[nodiscard]] std::string kind_name(const v1::Event& event);

/// Frames that gave no packet to follow, by reason; reasons that did not occur are left out.
[[nodiscard]] std::map<std::string, std::uint64_t> drops_of(const pipeline::Engine& engine);

}  // namespace remora::emit
