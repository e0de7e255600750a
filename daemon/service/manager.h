#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace remora::service {

/// The service manager that started this process, where one did and wants to hear of it.
class Manager {
 public:
  /// Every call succeeds and does nothing where there is no service manager; else it takes 1 s at
  /// most, and fails when the message was not taken: that is to be told, and no more.
  using Told = tl::expected<void, std::string>;

  /// Whom NOTIFY_SOCKET of the environment names, which is taken out of it: a path, or an abstract
  /// name after '@'. Nobody, where it is not set. Fails where it is neither.
  [[nodiscard]] static tl::expected<Manager, std::string> from_environment();

  Manager(Manager&& other) noexcept;
  Manager& operator=(Manager&& other) noexcept;
  Manager(const Manager&) = delete;
  Manager& operator=(const Manager&) = delete;
  ~Manager();

  /// Whether there is one.
  [[nodiscard]] bool present() const { return socket_ >= 0; }

  /// It is started, or through with reloading.
  [[nodiscard]] Told ready() const;
  /// A reload begins; `ready` says that it is over, whatever came of it.
  [[nodiscard]] Told reloading() const;
  /// The end begins.
  [[nodiscard]] Told stopping() const;
  /// One line for people, in `systemctl status`. LIMIT: 256 bytes; control characters become
  /// spaces, so that the text can say nothing else. The same is told once. Does not wait.
  [[nodiscard]] Told status(std::string_view text);
  /// It is alive (`take_watchdog` says how often). Does not wait.
  [[nodiscard]] Told alive() const;
  /// It hangs: what happens when the watchdog's time is over is to happen now (sd_notify(3),
  /// WATCHDOG=trigger).
  [[nodiscard]] Told hangs() const;

 private:
  Manager(int socket, std::string name) : socket_{socket}, name_{std::move(name)} {}
  [[nodiscard]] Told send(std::string_view message, int flags = 0) const;

  int socket_;
  std::string name_;    ///< as the kernel wants it: an abstract one begins with a zero byte
  std::string status_;  ///< told last
};

}  // namespace remora::service
