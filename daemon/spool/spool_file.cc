#include "daemon/spool/spool_file.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

namespace remora::spool {
namespace {

using sqlite::Failure;

constexpr std::int64_t kVersion = 2;
/// "RmSp", of the file's header: what is not a spool is not touched.
constexpr std::int64_t kApplicationId = 0x526d5370;

/// AUTOINCREMENT: a number is never used again, also when all events are gone.
constexpr const char* kTables =
    "CREATE TABLE event(number INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL,"
    " bytes BLOB NOT NULL);"
    "CREATE TABLE cursor(output TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE given_up(kind TEXT PRIMARY KEY, events INTEGER NOT NULL) WITHOUT ROWID;";
/// Since version 2.
constexpr const char* kOngoingTable =
    "CREATE TABLE ongoing(id TEXT PRIMARY KEY, bytes BLOB NOT NULL) WITHOUT ROWID;";

Failure refusal(const char* why) {
  return {.code = 0, .text = why};
}

tl::expected<void, Failure> make_tables(sqlite::Database& database) {
  const auto version = database.version();
  const auto id = database.number("PRAGMA application_id");
  const auto tables = database.number("SELECT count(*) FROM sqlite_master");
  for (const auto* number : {&version, &id, &tables}) {
    if (!number->has_value()) { return tl::unexpected{number->error()}; }
  }
  if (*tables > 0 && *id != kApplicationId) {
    return tl::unexpected{refusal("is another program's database; move it, or name another path")};
  }
  if (*version == kVersion) { return {}; }
  if (*version > kVersion) {
    return tl::unexpected{refusal("was written by a newer version of Remora; update, or move it")};
  }
  auto transaction = database.begin();
  if (!transaction.has_value()) { return tl::unexpected{transaction.error()}; }
  if (*version == 0) {
    if (auto made = database.execute(kTables); !made.has_value()) { return made; }
  }
  if (auto made = database.execute(kOngoingTable); !made.has_value()) { return made; }
  if (auto set = database.execute("PRAGMA application_id=" + std::to_string(kApplicationId));
      !set.has_value()) {
    return set;
  }
  if (auto set = database.set_version(kVersion); !set.has_value()) { return set; }
  return transaction->commit();
}

}  // namespace

bool is_a_strangers(const std::string& path) {
  static constexpr std::string_view kMagic{"SQLite format 3\0", 16};
  auto database = sqlite::Database::open(path, {.read_only = true, .create = false});
  if (!database.has_value()) { return false; }
  const auto head = database->head(kMagic.size()).value_or("");
  return !kMagic.starts_with(head) && head.find_first_not_of('\0') != std::string::npos;
}

DiskShares shares_of_disk(const std::string& path) {
  std::error_code error;
  const auto folder = std::filesystem::absolute(path, error).parent_path();
  const auto space = std::filesystem::space(folder, error);
  const auto bytes = error ? std::uint64_t{1} << 30U : static_cast<std::uint64_t>(space.available);
  return {.journal_pages = std::clamp<std::uint64_t>(bytes / 16 / kPageBytes, 16, 1000),
          .reserve_bytes = std::clamp<std::uint64_t>(bytes / 8, 1U << 17U, 8U << 20U)};
}

tl::expected<sqlite::Database, Failure> open_file(const SpoolSettings& settings,
                                                  const DiskShares& shares) {
  auto database = sqlite::Database::open(settings.path);
  if (!database.has_value()) { return database; }
  const auto pages = std::max(settings.max_bytes, kMinBytes) / kPageBytes;
  // The order counts: size of pages and way of shrinking are fixed by the first write.
  for (const auto& pragma :
       {"PRAGMA page_size=" + std::to_string(kPageBytes), std::string{"PRAGMA auto_vacuum=2"},
        std::string{"PRAGMA journal_mode=WAL"}, std::string{"PRAGMA synchronous=FULL"},
        // Deleting shall not write more than it must.
        std::string{"PRAGMA secure_delete=FAST"},
        "PRAGMA wal_autocheckpoint=" + std::to_string(shares.journal_pages),
        "PRAGMA max_page_count=" + std::to_string(pages)}) {
    if (auto done = database->execute(pragma); !done.has_value()) {
      return tl::unexpected{std::move(done.error())};
    }
  }
  if (auto sound = database->quick_check(); !sound.has_value()) {
    return tl::unexpected{std::move(sound.error())};
  }
  if (auto made = make_tables(*database); !made.has_value()) {
    return tl::unexpected{std::move(made.error())};
  }
  return database;
}

}  // namespace remora::spool
