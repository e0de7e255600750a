#include "dissect/drives/refusals.h"

#include <algorithm>

namespace remora::drives {

bool Refusals::is_news(const std::string& name) {
  if (told_.size() >= kMaxTold || std::ranges::find(told_, name) != told_.end()) { return false; }
  told_.push_back(name);
  return true;
}

}  // namespace remora::drives
