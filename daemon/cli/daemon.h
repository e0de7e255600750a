#pragma once

#include <CLI/App.hpp>

namespace remora::cli {

/// Adds `remora daemon`, and the command by which it starts its sensor process; they set
/// `exit_code` when they end. `app` must not be parsed after the end of `exit_code`.
void add_daemon(CLI::App& app, int& exit_code);

}  // namespace remora::cli
