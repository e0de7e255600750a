#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "daemon/pipeline/engine.h"
#include "daemon/secrets/key_log_watch.h"
#include "daemon/secrets/key_logs.h"
#include "dissect/keys/key_ring.h"
#include "dissect/session/event.h"

namespace remora::cli {

/// Key logs that grow while a capture is read: that of a live stream, mostly.
///
/// State: the logs.
class FollowedKeys {
 public:
  /// `ring` outlives this, and is that of the engines below.
  explicit FollowedKeys(keys::KeyRing& ring) : ring_{&ring} {}

  /// False where it cannot be read; the reason was told.
  [[nodiscard]] bool follow(const std::string& file);

  /// Before frames are looked at: what was written meanwhile. Looks some times a second at most.
  void look(pipeline::Engine& engine, session::Events& events);
  /// No frame comes any more.
  void look_for_the_last_time(pipeline::Engine& engine, session::Events& events);

 private:
  void take_replaced(std::vector<std::string>& told);

  keys::KeyRing* ring_;
  secrets::KeyLogs logs_;
  secrets::KeyLogWatch watch_;
  std::vector<secrets::SecretFile> replaced_;
  std::chrono::steady_clock::time_point next_look_;
  std::chrono::steady_clock::time_point next_watch_;
};

}  // namespace remora::cli
