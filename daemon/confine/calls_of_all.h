#pragma once

#include "daemon/confine/call_filter.h"

namespace remora::confine {

/// What every process of the daemon needs, and the libraries that it stands on: memory, threads,
/// time, waiting, reading, its own signals.
void allow_calls_of_all(CallFilter& filter);

/// What those do who deal with files: which ones is Landlock's matter. And sockets of theirs, once
/// they have them.
void allow_files_and_sockets(CallFilter& filter);

}  // namespace remora::confine
