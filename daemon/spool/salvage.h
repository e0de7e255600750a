#pragma once

#include <string>

#include <tl/expected.hpp>

#include "daemon/spool/spool.h"

namespace remora::spool {

/// Takes what can be read of a damaged spool over into a new one, which takes its place; the
/// damaged one is set aside. Which outputs had the events is not asked of a damaged file: they are
/// sent again. What was done is added to `notice`; fails with what, where, what to do.
///
/// A crash in the middle loses nothing: the new file is made beside the damaged one
/// (`spool.db.salvage`), and has a name that says that it is whole (`spool.db.salvaged`) before the
/// damaged one is moved.
[[nodiscard]] tl::expected<void, std::string> salvage(const SpoolSettings& settings,
                                                      std::string& notice);

/// Does what a crash in the middle of that left to do.
[[nodiscard]] tl::expected<void, std::string> finish_salvage(const std::string& path,
                                                             std::string& notice);

}  // namespace remora::spool
