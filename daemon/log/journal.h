#pragma once

namespace remora::log {

/// Whether systemd connected standard error with its journal: JOURNAL_STREAM names the device and
/// inode of the stream (systemd.exec(5)). They are compared, as the stream may have been redirected
/// since. A process whose environment is empty is told by the one that started it.
[[nodiscard]] bool stderr_is_journal();

}  // namespace remora::log
