#include "daemon/supervisor/children.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace remora::supervisor {
namespace {

constexpr int kExecFailed = 127;
/// Above the numbers that they are to get.
constexpr int kOutOfTheWay = 10;

/// The terminal and the service manager signal all processes of a group; only the supervisor
/// listens to them. What is ignored stays so in a program that is run.
void ignore_signals() {
  for (const auto number : {SIGINT, SIGTERM, SIGHUP, SIGUSR1}) {
    (void)std::signal(number, SIG_IGN);
  }
}

/// Between fork and exec: only what signal-safety(7) allows.
[[noreturn]] void become_anew(char* const* arguments, int control, int reports) {
  ignore_signals();
  control = fcntl(control, F_DUPFD, kOutOfTheWay);
  reports = fcntl(reports, F_DUPFD, kOutOfTheWay);
  if (control >= 0 && reports >= 0 && dup2(control, kControlDescriptor) >= 0 &&
      dup2(reports, kReportsDescriptor) >= 0) {
    (void)syscall(SYS_close_range, kReportsDescriptor + 1, ~0U, 0);
    std::array<char*, 1> no_environment{nullptr};
    (void)execve("/proc/self/exe", arguments, no_environment.data());
  }
  _exit(kExecFailed);
}

}  // namespace

tl::expected<pid_t, std::string> start_anew(const std::vector<std::string>& arguments,
                                            processes::Descriptor control,
                                            processes::Descriptor reports) {
  std::vector<std::string> texts{"remora"};
  texts.insert(texts.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (auto& text : texts) { pointers.push_back(text.data()); }
  pointers.push_back(nullptr);
  const auto child = fork();
  if (child < 0) { return tl::unexpected{std::string{"fork: "} + std::strerror(errno)}; }
  if (child == 0) { become_anew(pointers.data(), control.number(), reports.number()); }
  return child;
}

tl::expected<pid_t, std::string> fork_off(const std::function<int()>& run) {
  const auto child = fork();
  if (child < 0) { return tl::unexpected{std::string{"fork: "} + std::strerror(errno)}; }
  if (child == 0) {
    ignore_signals();
    std::_Exit(run());
  }
  return child;
}

std::string how_it_ended(int wait_status) {
  if (WIFEXITED(wait_status)) { return "exit code " + std::to_string(WEXITSTATUS(wait_status)); }
  if (WIFSIGNALED(wait_status)) {
    const auto number = WTERMSIG(wait_status);
    return "signal " + std::to_string(number) + " (" + strsignal(number) + ')';
  }
  return "status " + std::to_string(wait_status);
}

}  // namespace remora::supervisor
