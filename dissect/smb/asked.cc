#include "dissect/smb/asked.h"

#include <utility>

namespace remora::smb {

void AskedTable::ask(std::uint64_t id, Asked asked) {
  (void)take(id);
  const auto order = next_order_++;
  waiting_[id] = {.asked = std::move(asked), .order = order};
  ids_[order] = id;
  if (waiting_.size() > kMaxWaiting) { (void)take(ids_.begin()->second); }
}

std::optional<Asked> AskedTable::take(std::uint64_t id) {
  const auto place = waiting_.find(id);
  if (place == waiting_.end()) { return std::nullopt; }
  auto asked = std::move(place->second.asked);
  ids_.erase(place->second.order);
  waiting_.erase(place);
  return asked;
}

}  // namespace remora::smb
