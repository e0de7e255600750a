#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

#include <tl/expected.hpp>

#include "daemon/processes/descriptor.h"

namespace remora::supervisor {

/// Where a process that was started anew finds its ends of the channels.
inline constexpr int kControlDescriptor = 3;
inline constexpr int kReportsDescriptor = 4;

/// What a process that is started anew gets of this one's environment.
enum class Environment : std::uint8_t { kNone, kSame };

/// Starts this program anew with `arguments`: what this process has in memory and open is not for
/// its children. It has standard input to error, and the two descriptors above, and ignores the
/// signals that the supervisor is told by: a terminal signals all processes of a group.
[[nodiscard]] tl::expected<pid_t, std::string> start_anew(const std::vector<std::string>& arguments,
                                                          Environment environment,
                                                          const processes::Descriptor& control,
                                                          const processes::Descriptor& reports);

/// How a process ended: "exit code 1", "signal 9 (Killed)".
[[nodiscard]] std::string how_it_ended(int wait_status);

}  // namespace remora::supervisor
