#pragma once

#include <CLI/CLI.hpp>

#include "daemon/cli/sessions.h"

namespace remora::cli {

/// The command `sessions` with its options; both must outlive the parsing of `app`.
void add_sessions(CLI::App& app, SessionsOptions& options, int& exit_code);

}  // namespace remora::cli
