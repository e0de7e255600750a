#pragma once

namespace remora::cli {

/// Runs the command that the arguments name. Returns the exit code of the process: 0 done, 1 could
/// not do the job (a message on standard error says what, where and what to do), 2 bad usage.
[[nodiscard]] int run(int argc, const char* const* argv);

}  // namespace remora::cli
