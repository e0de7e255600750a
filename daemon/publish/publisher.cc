#include "daemon/publish/publisher.h"

#include <utility>

#include "daemon/publish/host_names.h"

namespace remora::publish {

Publisher::Publisher(Wishes wishes)
    : filter_{std::move(wishes.networks)},
      hosts_{std::move(wishes.hosts)},
      hider_{std::move(wishes.privacy), std::move(wishes.privacy_key)} {}

bool Publisher::publish(v1::Event& event, bool heard_of) {
  switch (heard_of ? Verdict::kTold : filter_.judge(event)) {
    case Verdict::kTold:
      break;
    case Verdict::kNotOfInterest:
      ++left_out_["not_of_interest"];
      return false;
    case Verdict::kExcluded:
      ++left_out_["excluded"];
      return false;
  }
  name_hosts(hosts_, event);
  // Last: the operator's names are names, too.
  hider_.hide(event);
  return true;
}

void Publisher::use(Wishes wishes) {
  filter_.use(std::move(wishes.networks));
  hosts_ = std::move(wishes.hosts);
  hider_ = NameHider{std::move(wishes.privacy), std::move(wishes.privacy_key)};
}

}  // namespace remora::publish
