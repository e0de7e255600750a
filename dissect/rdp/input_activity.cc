#include "dissect/rdp/input_activity.h"

#include <algorithm>
#include <chrono>

namespace remora::rdp {

void InputActivity::on_input(InputCount input, Side from, Instant at, Findings& out) {
  if (!input.any()) { return; }
  if (!untold_.has_value()) { untold_ = Untold{}; }
  untold_->input.keys += input.keys;
  untold_->input.pointer += input.pointer;
  untold_->from = from;
  untold_->last = at;
  untold_->certainty = std::max(untold_->certainty, out.certainty());
  const auto second = std::chrono::floor<std::chrono::seconds>(at.time).time_since_epoch().count();
  if (told_second_ == second) { return; }
  told_second_ = second;
  tell(out);
}

void InputActivity::on_end(Findings& out) {
  if (untold_.has_value()) { tell(out); }
}

void InputActivity::tell(Findings& out) {
  const auto before = out.certainty();
  out.set_certainty(untold_->certainty);
  out.observe(
      untold_->last, untold_->from, "share.input",
      observation::InputSeen{.keys = untold_->input.keys, .pointer = untold_->input.pointer});
  out.set_certainty(before);
  untold_.reset();
}

}  // namespace remora::rdp
