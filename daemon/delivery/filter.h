#pragma once

#include <set>

#include "daemon/config/map.h"
#include "remora/v1/event.pb.h"

namespace remora::delivery {

/// Which kinds of events an output gets.
class Filter {
 public:
  /// All of them.
  Filter() = default;
  /// `kinds` (all, unless given) less `except`.
  [[nodiscard]] static Filter read(config::Map& map);

  [[nodiscard]] bool takes(const v1::Event& event) const;

 private:
  std::set<int> left_out_;  ///< numbers of the fields of Event.kind
};

}  // namespace remora::delivery
