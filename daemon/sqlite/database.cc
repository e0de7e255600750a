#include "daemon/sqlite/database.h"

#include <algorithm>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace remora::sqlite {
namespace {

constexpr std::string_view kInMemory = ":memory:";

/// SQLite would make the file readable by everybody that the umask allows; its journals take the
/// mode of the file. Whatever prevents it, SQLite tells with better words.
void make_private_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file >= 0) { (void)::close(file); }
}

int flags_of(const OpenOptions& options) {
  // One thread at a time: SQLite's own locking of connections would only cost.
  int flags = SQLITE_OPEN_NOMUTEX;
  if (options.read_only) { return flags | SQLITE_OPEN_READONLY; }
  flags |= SQLITE_OPEN_READWRITE;
  return options.create ? flags | SQLITE_OPEN_CREATE : flags;
}

}  // namespace

void Database::Close::operator()(sqlite3* database) const {
  (void)sqlite3_close_v2(database);
}

tl::expected<Database, Failure> Database::open(const std::string& path, OpenOptions options) {
  if (options.create && !options.read_only && path != kInMemory) { make_private_file(path); }
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &raw, flags_of(options), nullptr);
  Database database{raw};
  if (code != SQLITE_OK) {
    auto failure = failure_of(nullptr, code);
    failure.text.replace(0, std::string_view{"database"}.size(), path);
    return tl::unexpected{std::move(failure)};
  }
  (void)sqlite3_extended_result_codes(raw, 1);
  (void)sqlite3_busy_timeout(raw, static_cast<int>(options.patience.count()));
  // A file that somebody tampered with shall not make SQLite call functions or write its innards.
  (void)sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  // A file shorter than it says of itself is refused but for who says that they may repair it.
  const bool repair = options.read_only && options.damaged;
  (void)sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, repair ? 0 : 1, nullptr);
  (void)sqlite3_db_config(raw, SQLITE_DBCONFIG_WRITABLE_SCHEMA, repair ? 1 : 0, nullptr);
  // Nor is there another file than this one and its journal, where who is confined may not write:
  // what a large statement would take back goes to one otherwise.
  (void)sqlite3_exec(raw, "PRAGMA temp_store=MEMORY", nullptr, nullptr, nullptr);
  return database;
}

tl::expected<std::string, Failure> Database::head(std::size_t most) {
  sqlite3_file* file = nullptr;
  int code = sqlite3_file_control(database_.get(), "main", SQLITE_FCNTL_FILE_POINTER,
                                  static_cast<void*>(&file));
  if (code == SQLITE_OK && (file == nullptr || file->pMethods == nullptr)) { return std::string{}; }
  sqlite3_int64 size = 0;
  if (code == SQLITE_OK) { code = file->pMethods->xFileSize(file, &size); }
  std::string bytes(std::min(most, static_cast<std::size_t>(size)), '\0');
  if (code == SQLITE_OK && !bytes.empty()) {
    code = file->pMethods->xRead(file, bytes.data(), static_cast<int>(bytes.size()), 0);
  }
  if (code != SQLITE_OK) { return tl::unexpected{failure_of(database_.get(), code)}; }
  return bytes;
}

tl::expected<void, Failure> Database::execute(const std::string& sql) {
  const int code = sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) { return tl::unexpected{failure_of(database_.get(), code)}; }
  return {};
}

tl::expected<Statement, Failure> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) { return tl::unexpected{failure_of(database_.get(), code)}; }
  return Statement{statement};
}

tl::expected<std::int64_t, Failure> Database::number(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement.has_value()) { return tl::unexpected{statement.error()}; }
  const auto step = statement->step();
  if (step == Step::kFailed) { return tl::unexpected{statement->failure()}; }
  return step == Step::kRow ? statement->integer(0) : 0;
}

tl::expected<Transaction, Failure> Database::begin() {
  const auto begun = execute("BEGIN IMMEDIATE");
  if (!begun.has_value()) { return tl::unexpected{begun.error()}; }
  return Transaction{database_.get()};
}

tl::expected<std::int64_t, Failure> Database::version() {
  return number("PRAGMA user_version");
}

tl::expected<void, Failure> Database::set_version(std::int64_t version) {
  // Pragmas take no parameters.
  return execute("PRAGMA user_version = " + std::to_string(version));
}

tl::expected<void, Failure> Database::quick_check() {
  auto statement = prepare("PRAGMA quick_check(1)");
  if (!statement.has_value()) { return tl::unexpected{statement.error()}; }
  if (statement->step() == Step::kFailed) { return tl::unexpected{statement->failure()}; }
  if (statement->text(0) == "ok") { return {}; }
  return tl::unexpected{failure_of(database_.get(), SQLITE_CORRUPT)};
}

std::int64_t Database::changes() const {
  return sqlite3_changes64(database_.get());
}

std::int64_t Database::last_row() const {
  return sqlite3_last_insert_rowid(database_.get());
}

}  // namespace remora::sqlite
