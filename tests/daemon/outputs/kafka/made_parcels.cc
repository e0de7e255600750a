#include "made_parcels.h"

#include <string>
#include <utility>

namespace remora::outputs::kafka {

std::vector<delivery::Parcel> made_parcels(std::uint64_t first, std::uint64_t last) {
  std::vector<delivery::Parcel> out;
  for (auto number = first; number <= last; ++number) { out.push_back(large_parcel(number, 0)); }
  return out;
}

delivery::Parcel large_parcel(std::uint64_t number, std::size_t bytes) {
  v1::Event event;
  event.set_event_id("e" + std::to_string(number));
  event.set_session_id("s" + std::to_string(number % 3));
  event.mutable_anomaly()->set_detail(std::string(bytes, 'x'));
  auto serialized = event.SerializeAsString();
  return {.number = number, .event = std::move(event), .bytes = std::move(serialized)};
}

}  // namespace remora::outputs::kafka
