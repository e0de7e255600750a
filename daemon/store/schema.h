#pragma once

#include <cstdint>
#include <span>

#include <tl/expected.hpp>

#include "daemon/sqlite/database.h"

namespace remora::store {

/// What brings the tables from version N to N + 1, at place N of the list. Once released it is
/// never changed: files that went through it exist.
using Migration = const char*;

/// docs/store.md describes what they add up to.
[[nodiscard]] std::span<const Migration> migrations();

/// Brings `database` to the version after the last of `steps`, each in a transaction of its own
/// with its version. Fails with SQLITE_MISMATCH where the file is of a later version.
[[nodiscard]] tl::expected<void, sqlite::Failure> migrate(sqlite::Database& database,
                                                          std::span<const Migration> steps);

/// Fails with SQLITE_MISMATCH unless `database` has exactly the tables of this program.
[[nodiscard]] tl::expected<void, sqlite::Failure> check_version(sqlite::Database& database);

}  // namespace remora::store
