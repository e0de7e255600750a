#include "daemon/delivery/filter.h"

#include <string>
#include <string_view>

#include "daemon/event/kind.h"

namespace remora::delivery {
namespace {

std::set<int> numbers_of(config::Map& map, std::string_view key) {
  std::set<int> numbers;
  for (const auto& kind : map.texts(key)) {
    if (is_kind(kind)) {
      numbers.insert(v1::Event::descriptor()->FindFieldByName(kind)->number());
    } else {
      map.complain(key, "'" + kind + "' is no kind of event; docs/events.md lists them");
    }
  }
  return numbers;
}

}  // namespace

Filter Filter::read(config::Map& map) {
  Filter filter;
  const bool some = map.has("kinds");
  const auto kinds = numbers_of(map, "kinds");
  if (some && kinds.empty()) { map.complain("kinds", "names none, so that nothing would be sent"); }
  filter.left_out_ = numbers_of(map, "except");
  if (!some) { return filter; }
  const auto* all = v1::Event::descriptor()->FindOneofByName("kind");
  for (int index = 0; index < all->field_count(); ++index) {
    const auto number = all->field(index)->number();
    if (!kinds.contains(number)) { filter.left_out_.insert(number); }
  }
  return filter;
}

bool Filter::takes(const v1::Event& event) const {
  return !left_out_.contains(static_cast<int>(event.kind_case()));
}

}  // namespace remora::delivery
