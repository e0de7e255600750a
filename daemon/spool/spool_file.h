#pragma once

#include <cstdint>
#include <string>

#include <tl/expected.hpp>

#include "daemon/spool/spool.h"
#include "daemon/sqlite/database.h"

namespace remora::spool {

inline constexpr std::uint64_t kPageBytes = 4096;
inline constexpr std::uint64_t kMinBytes = 1U << 20U;

/// Whether there is a file that never was a database. Zeros are what a crash of the machine leaves.
[[nodiscard]] bool is_a_strangers(const std::string& path);

/// How much of a small disk the journal and the reserve may take; a large one does not feel them.
/// The reserve holds the journal twice: in it, and where a checkpoint moves it to.
struct DiskShares {
  std::uint64_t journal_pages;
  std::uint64_t reserve_bytes;
};

[[nodiscard]] DiskShares shares_of_disk(const std::string& path);

/// A file that is ready for use, with all tables, or why it is not.
[[nodiscard]] tl::expected<sqlite::Database, sqlite::Failure> open_file(
    const SpoolSettings& settings, const DiskShares& shares);

}  // namespace remora::spool
