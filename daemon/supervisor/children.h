#pragma once

#include <functional>
#include <string>
#include <sys/types.h>
#include <vector>

#include <tl/expected.hpp>

#include "daemon/processes/descriptor.h"

namespace remora::supervisor {

/// Where a process that was started anew finds its ends of the channels.
inline constexpr int kControlDescriptor = 3;
inline constexpr int kReportsDescriptor = 4;

// Neither hears SIGINT, SIGTERM, SIGHUP, SIGUSR1.

/// Starts this program anew with `arguments` and without an environment: neither it nor the memory
/// that it begins with holds what this process knows. It has standard input to error, and the two
/// descriptors above.
[[nodiscard]] tl::expected<pid_t, std::string> start_anew(const std::vector<std::string>& arguments,
                                                          processes::Descriptor control,
                                                          processes::Descriptor reports);

/// Goes on in a child with `run`, whose result is its exit code. Only while there is one thread.
[[nodiscard]] tl::expected<pid_t, std::string> fork_off(const std::function<int()>& run);

/// How a process ended: "exit code 1", "signal 9 (Killed)".
[[nodiscard]] std::string how_it_ended(int wait_status);

}  // namespace remora::supervisor
