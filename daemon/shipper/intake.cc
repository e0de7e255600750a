#include "daemon/shipper/intake.h"

#include <map>

#include "daemon/event/importance.h"
#include "daemon/event/kind.h"
#include "daemon/event/session_of.h"
#include "daemon/shipper/restart.h"

namespace remora::shipper {

tl::expected<std::size_t, std::string> Intake::close_what_was_left(
    const publish::Publisher& publisher) {
  auto left = spool_->ongoing();
  if (!left.has_value()) { return tl::unexpected{std::move(left.error())}; }
  std::map<std::string, std::string> open;
  for (auto& bytes : *left) {
    v1::Event last;
    if (last.ParseFromString(bytes)) { open[last.session_id()] = std::move(bytes); }
  }
  // What the spool has not taken yet was told after that.
  for (const auto& event : held_) {
    if (event.ongoing.empty()) { continue; }
    if (event.over) {
      open.erase(event.ongoing);
    } else {
      open[event.ongoing] = event.bytes;
    }
  }
  std::size_t closed = 0;
  for (const auto& [id, bytes] : open) {
    v1::Event last;
    if (!last.ParseFromString(bytes)) { continue; }
    const auto event = closed_by_restart(last);
    if (event == nullptr) { continue; }
    publisher.publish_again(*event);
    add(*event);
    ++closed;
  }
  return closed;
}

void Intake::add(const v1::Event& event) {
  open_sessions_.take(event);
  spool::Spoolable spoolable{.importance = importance_of(event),
                             .kind = kind_name(event),
                             .bytes = event.SerializeAsString()};
  if (session_of(event) != nullptr) {
    spoolable.ongoing = event.session_id();
    spoolable.over = event.kind_case() == v1::Event::kSessionClosed;
  }
  held_bytes_ += spoolable.bytes.size();
  held_.push_back(std::move(spoolable));
}

std::string Intake::settle() {
  if (held_.empty()) { return {}; }
  auto appended = spool_->append(held_);
  for (std::size_t index = 0; index < appended.taken; ++index) {
    held_bytes_ -= held_[index].bytes.size();
  }
  held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(appended.taken));
  return std::move(appended.problem);
}

}  // namespace remora::shipper
