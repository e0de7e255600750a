#include "dissect/drives/pending_requests.h"

#include <algorithm>
#include <utility>

namespace remora::drives {

void PendingRequests::add(Pending request) {
  forget(request.device, request.completion);
  if (pending_.size() >= kMaxPending) { pending_.erase(pending_.begin()); }
  pending_.push_back(std::move(request));
}

const Pending* PendingRequests::find(std::uint32_t device, std::uint32_t completion) const {
  const auto known = std::ranges::find_if(pending_, [&](const Pending& one) {
    return one.device == device && one.completion == completion;
  });
  return known == pending_.end() ? nullptr : &*known;
}

std::optional<Pending> PendingRequests::take(std::uint32_t device, std::uint32_t completion) {
  const auto known = std::ranges::find_if(pending_, [&](const Pending& one) {
    return one.device == device && one.completion == completion;
  });
  if (known == pending_.end()) { return std::nullopt; }
  std::optional<Pending> taken{std::move(*known)};
  pending_.erase(known);
  return taken;
}

void PendingRequests::forget(std::uint32_t device, std::uint32_t completion) {
  std::erase_if(pending_, [&](const Pending& one) {
    return one.device == device && one.completion == completion;
  });
}

void PendingRequests::forget_device(std::uint32_t device) {
  std::erase_if(pending_, [&](const Pending& one) { return one.device == device; });
}

}  // namespace remora::drives
