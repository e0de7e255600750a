#pragma once

#include <string>

#include <tl/expected.hpp>

namespace remora::confine {

/// Makes that no program run from here gains rights (no new privileges), that no other process of
/// the user reads this one's memory or traces it (not dumpable), that no core dump is written, and
/// that new files are their owner's alone (umask 077). Called after `become`, for a change of user
/// or program makes a process dumpable again.
[[nodiscard]] tl::expected<void, std::string> harden();

}  // namespace remora::confine
