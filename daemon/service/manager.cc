#include "daemon/service/manager.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

namespace remora::service {
namespace {

constexpr std::size_t kMaxStatus = 256;
/// For a manager that does not read: it would otherwise be waited for without end. What is told
/// again and again is not waited for at all: the sensor waits for who tells it.
constexpr timeval kPatience{.tv_sec = 1, .tv_usec = 0};

[[nodiscard]] auto refuse(const std::string& what) {
  return tl::unexpected{"NOTIFY_SOCKET: " + what + "; start by the service manager, or unset it"};
}

}  // namespace

tl::expected<Manager, std::string> Manager::from_environment() {
  const char* value = std::getenv("NOTIFY_SOCKET");
  std::string name{value == nullptr ? "" : value};
  (void)::unsetenv("NOTIFY_SOCKET");
  if (name.empty()) { return Manager{-1, {}}; }
  if (name.front() != '/' && name.front() != '@') {
    return refuse("is neither a path nor an abstract name");
  }
  if (name.front() == '@') { name.front() = '\0'; }
  if (name.size() >= sizeof(sockaddr_un::sun_path)) { return refuse("is too long a name"); }
  const int made = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (made < 0) { return refuse(std::string{"no socket can be made: "} + std::strerror(errno)); }
  Manager manager{made, std::move(name)};
  if (::setsockopt(made, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience) != 0) {
    return refuse(std::string{"its socket has no time limit: "} + std::strerror(errno));
  }
  return manager;
}

Manager::Manager(Manager&& other) noexcept
    : socket_{std::exchange(other.socket_, -1)},
      name_{std::move(other.name_)},
      status_{std::move(other.status_)} {}

Manager& Manager::operator=(Manager&& other) noexcept {
  std::swap(socket_, other.socket_);
  std::swap(name_, other.name_);
  std::swap(status_, other.status_);
  return *this;
}

Manager::~Manager() {
  if (socket_ >= 0) { (void)::close(socket_); }
}

Manager::Told Manager::send(std::string_view message, int flags) const {
  if (!present()) { return {}; }
  // Not connected: the manager may make its socket anew.
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  std::ranges::copy(name_, std::begin(to.sun_path));
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name_.size());
  const void* address = &to;
  if (::sendto(socket_, message.data(), message.size(), MSG_NOSIGNAL | flags,
               static_cast<const sockaddr*>(address), size) < 0) {
    return tl::unexpected{std::string{"the service manager cannot be told: "} +
                          std::strerror(errno)};
  }
  return {};
}

Manager::Told Manager::ready() const {
  return send("READY=1");
}

Manager::Told Manager::reloading() const {
  // By the time the manager tells this reload from an earlier one.
  timespec now{};
  (void)::clock_gettime(CLOCK_MONOTONIC, &now);
  const auto microseconds = std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
  return send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(microseconds));
}

Manager::Told Manager::stopping() const {
  return send("STOPPING=1");
}

Manager::Told Manager::status(std::string_view text) {
  auto size = std::min(text.size(), kMaxStatus);
  // Not within a letter: what is no UTF-8 the manager passes over.
  while (size < text.size() && size > 0 && (text[size] & 0xc0) == 0x80) { --size; }
  std::string line{text.substr(0, size)};
  std::ranges::replace_if(
      line, [](unsigned char letter) { return letter < ' ' || letter == 0x7f; }, ' ');
  if (line == status_) { return {}; }
  auto told = send("STATUS=" + line, MSG_DONTWAIT);
  if (told.has_value()) { status_ = std::move(line); }
  return told;
}

Manager::Told Manager::alive() const {
  return send("WATCHDOG=1", MSG_DONTWAIT);
}

Manager::Told Manager::hangs() const {
  return send("WATCHDOG=trigger");
}

}  // namespace remora::service
