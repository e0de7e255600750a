#pragma once

#include <CLI/App.hpp>

namespace remora::cli {

/// Adds `remora collect`, which sets `exit_code` when it ends. `app` must not be parsed after the
/// end of `exit_code`.
void add_collect(CLI::App& app, int& exit_code);

}  // namespace remora::cli
