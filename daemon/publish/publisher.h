#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "daemon/publish/name_hider.h"
#include "daemon/publish/network_filter.h"
#include "daemon/settings/hosts.h"
#include "daemon/settings/networks.h"
#include "daemon/settings/privacy.h"
#include "dissect/keys/secret.h"
#include "remora/v1/event.pb.h"

namespace remora::publish {

/// What the operator wants told.
struct Wishes {
  settings::Networks networks;
  settings::Hosts hosts;
  settings::Privacy privacy;
  keys::Secret privacy_key;  ///< there wherever `privacy` hashes
};

/// What happens to events between being found and being written anywhere: those of other networks
/// are left out, the operator's names for hosts are put in, names that he does not want are hidden.
/// `event_id` stays. Wants events in their order.
class Publisher {
 public:
  explicit Publisher(Wishes wishes);

  /// Changes the event to what is told of it. False: it is not told at all. `heard_of`: whoever
  /// gets events has heard of its session, and is to hear of it to its end.
  [[nodiscard]] bool publish(v1::Event& event, bool heard_of = false);
  /// The same for one that is made of events that were told, perhaps by other wishes: handles stay.
  void publish_again(v1::Event& event) const { hider_.hide_again(event); }
  /// Other wishes from here on; what is known of open sessions stays.
  void use(Wishes wishes);

  /// Events that were not told, by reason: "excluded", "not_of_interest".
  [[nodiscard]] const std::map<std::string, std::uint64_t>& left_out() const { return left_out_; }

 private:
  NetworkFilter filter_;
  settings::Hosts hosts_;
  NameHider hider_;
  std::map<std::string, std::uint64_t> left_out_;
};

}  // namespace remora::publish
