#include "daemon/cli/followed_keys.h"

#include <utility>

#include "daemon/cli/messages.h"
#include "daemon/secrets/key_files.h"

namespace remora::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLook{20};
/// For another file of the same name.
constexpr std::chrono::seconds kWatch{1};

void tell(const std::vector<std::string>& told) {
  for (const auto& text : told) { tell_warning(text); }
}

}  // namespace

bool FollowedKeys::follow(const std::string& file) {
  secrets::Warnings warnings;
  const auto begun = secrets::SecretFile::open(file).and_then([&](secrets::SecretFile opened) {
    // What cannot grow, such as a pipe, is read to its end.
    if (!opened.is_regular()) { return secrets::add_key_log(opened, *ring_, warnings); }
    secrets::KeyLog log{std::move(opened)};
    return secrets::begin_key_log(log, *ring_, warnings).map([&] {
      watch_.watch(log.file());
      logs_.follow(std::move(log));
    });
  });
  tell(warnings);
  if (!begun.has_value()) { tell_error("--tls-keylog: " + begun.error()); }
  return begun.has_value();
}

void FollowedKeys::look(pipeline::Engine& engine, session::Events& events) {
  if (logs_.empty()) { return; }
  const auto now = Clock::now();
  if (now < next_look_) { return; }
  next_look_ = now + kLook;
  std::vector<std::string> told;
  if (now >= next_watch_) {
    next_watch_ = now + kWatch;
    replaced_ = watch_.replaced(told);
  }
  if (!replaced_.empty() || logs_.have_news()) {
    engine.on_keys(
        [&] {
          logs_.read(ring_->tls(), told);
          take_replaced(told);
        },
        events);
  }
  tell(told);
}

void FollowedKeys::take_replaced(std::vector<std::string>& told) {
  for (auto& file : std::exchange(replaced_, {})) {
    logs_.go_on_with(std::move(file), ring_->tls(), told);
  }
}

void FollowedKeys::look_for_the_last_time(pipeline::Engine& engine, session::Events& events) {
  if (logs_.empty()) { return; }
  std::vector<std::string> told;
  engine.on_keys([&] { logs_.read_to_end(ring_->tls(), told); }, events);
  tell(told);
}

}  // namespace remora::cli
