#include "dissect/messenger/message_scan.h"

#include <algorithm>
#include <utility>

namespace remora::messenger {

void MessageScan::begin(const Context& context, observation::Carriage carriage,
                        std::uint64_t size) {
  scan_.emplace(context, std::move(carriage));
  left_ = size;
}

std::size_t MessageScan::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  const auto here =
      bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size())));
  (void)scan_->on_bytes(from, here, at, out);
  left_ -= here.size();
  if (left_ == 0) { on_end(from, at, out); }
  return here.size();
}

void MessageScan::on_end(Side from, Instant at, Findings& out) {
  if (scan_.has_value()) { scan_->on_end(from, at, out); }
  scan_.reset();
  left_ = 0;
}

}  // namespace remora::messenger
