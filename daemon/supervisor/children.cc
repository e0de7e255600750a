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

/// Between fork and exec: only what signal-safety(7) allows.
[[noreturn]] void become_anew(char* const* arguments, char* const* environment, int control,
                              int reports) {
  // What is ignored stays so over exec; what was blocked would stay blocked.
  for (const auto number : {SIGINT, SIGTERM, SIGHUP, SIGUSR1}) {
    (void)std::signal(number, SIG_IGN);
  }
  sigset_t none;
  (void)sigemptyset(&none);
  (void)sigprocmask(SIG_SETMASK, &none, nullptr);
  control = fcntl(control, F_DUPFD, kOutOfTheWay);
  reports = fcntl(reports, F_DUPFD, kOutOfTheWay);
  if (control >= 0 && reports >= 0 && dup2(control, kControlDescriptor) >= 0 &&
      dup2(reports, kReportsDescriptor) >= 0) {
    (void)syscall(SYS_close_range, kReportsDescriptor + 1, ~0U, 0);
    (void)execve("/proc/self/exe", arguments, environment);
  }
  _exit(kExecFailed);
}

}  // namespace

tl::expected<pid_t, std::string> start_anew(const std::vector<std::string>& arguments,
                                            Environment environment,
                                            const processes::Descriptor& control,
                                            const processes::Descriptor& reports) {
  std::vector<std::string> texts{"remora"};
  texts.insert(texts.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (auto& text : texts) { pointers.push_back(text.data()); }
  pointers.push_back(nullptr);
  std::array<char*, 1> nothing{nullptr};
  auto* const variables = environment == Environment::kNone ? nothing.data() : environ;
  const auto child = fork();
  if (child < 0) { return tl::unexpected{std::string{"fork: "} + std::strerror(errno)}; }
  if (child == 0) { become_anew(pointers.data(), variables, control.number(), reports.number()); }
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
