#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "capture/base/address.h"
#include "capture/base/frame.h"
#include "capture/base/time.h"
#include "dissect/observation/flow.h"
#include "dissect/observation/observation.h"

namespace remora::session {

/// Joins what was found on a flow that does not say what it is with the connection that announced
/// it: a file of FTP with its name. Whichever of the two was captured first.
///
///   announced ─► a finding takes the announcement's carriage, at once
///   a finding ─► waits for its announcement up to kWaits, then goes on as it is, or is nothing
///                where only its name could have made it a ticket
///
/// State: LIMIT kMaxExpected announcements, kMaxHeld findings; the oldest go first. Knows capture
/// time only. Same calls, same answers.
class DataFlows {
 public:
  static constexpr std::size_t kMaxExpected = 10'000;
  static constexpr std::size_t kMaxHeld = 256;
  /// The protocol of a flow that nobody announced; proto Carrier.
  static constexpr const char* kUnannounced = "TCP";

  struct Held {
    FlowFacts flow;
    Finding finding;
  };

  /// True where the finding is a ticket on a flow that does not say what it is.
  [[nodiscard]] static bool concerns(const Finding& finding);

  /// Such a finding: given back at once when its announcement is known or there is no room to wait.
  [[nodiscard]] std::vector<Held> take_in(const FlowFacts& flow, const Finding& finding);
  /// An announcement; gives back what waited for it.
  [[nodiscard]] std::vector<Held> expect(const FlowFacts& flow, const Finding& finding);
  /// Capture time has come to `now`: what has waited in vain.
  [[nodiscard]] std::vector<Held> advance(Moment now);
  /// All that waits.
  [[nodiscard]] std::vector<Held> finish();

  [[nodiscard]] std::size_t expected() const { return expected_.size(); }
  [[nodiscard]] std::size_t held() const { return held_.size(); }

 private:
  struct Announcement {
    observation::Carriage carriage;
    bool is_named_ticket{false};
    Moment until;
  };

  void remember(const SocketAddress& listener, Announcement announcement);
  [[nodiscard]] const Announcement* announced(const FlowFacts& flow, Moment now) const;
  static void name(Held held, const Announcement& announcement, std::vector<Held>& ready);
  static void give_up(Held held, std::vector<Held>& ready);

  std::map<SocketAddress, Announcement> expected_;
  std::set<std::pair<Moment, SocketAddress>> ends_;  ///< of each
  std::vector<Held> held_;                           ///< in the order of their arrival
};

}  // namespace remora::session
