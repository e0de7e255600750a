#pragma once

namespace remora::secrets {

/// Makes a heap for keys that is locked into memory and left out of core dumps (1 MiB; what does
/// not fit lies in ordinary memory, and is wiped all the same), and lets the process leave no core
/// dump behind. Called once, before the first secret is read. False where the memory could not be
/// locked.
[[nodiscard]] bool guard_secret_memory();

/// What it gave; false before.
[[nodiscard]] bool secret_memory_is_locked();

}  // namespace remora::secrets
