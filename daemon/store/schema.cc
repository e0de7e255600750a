#include "daemon/store/schema.h"

#include <array>
#include <sqlite3.h>
#include <string>

namespace remora::store {
namespace {

using sqlite::Failure;

constexpr const char* kFirst = R"sql(
CREATE TABLE events(
  id INTEGER PRIMARY KEY,
  event_id TEXT NOT NULL UNIQUE,
  time_ns INTEGER NOT NULL,
  kind TEXT NOT NULL,
  session_id TEXT,
  ticket_id TEXT,
  certainty TEXT,
  event BLOB NOT NULL
);
CREATE INDEX events_by_time ON events(time_ns);
CREATE INDEX events_by_kind ON events(kind, time_ns);
CREATE INDEX events_by_session ON events(session_id) WHERE session_id IS NOT NULL;
CREATE INDEX events_by_ticket ON events(ticket_id) WHERE ticket_id IS NOT NULL;

CREATE TABLE sessions(
  session_id TEXT PRIMARY KEY,
  kind TEXT,
  direction TEXT,
  initiator TEXT,
  opened_ns INTEGER,
  accepted_ns INTEGER,
  closed_ns INTEGER,
  duration_ns INTEGER,
  active_ns INTEGER,
  client_address TEXT,
  client_port INTEGER,
  client_name TEXT,
  server_address TEXT,
  server_port INTEGER,
  server_name TEXT,
  user TEXT,
  protocol TEXT,
  encryption TEXT,
  outcome TEXT,
  end_reason TEXT,
  error TEXT,
  ticket_id TEXT,
  client_bytes INTEGER,
  server_bytes INTEGER,
  last_ns INTEGER NOT NULL,
  told_ns INTEGER NOT NULL,
  told_rank INTEGER NOT NULL,
  event INTEGER NOT NULL
);
CREATE INDEX sessions_by_opened ON sessions(opened_ns);
CREATE INDEX sessions_by_last ON sessions(last_ns);
CREATE INDEX sessions_by_ticket ON sessions(ticket_id) WHERE ticket_id IS NOT NULL;

CREATE TABLE users(
  session_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  name TEXT,
  domain TEXT,
  source TEXT,
  certainty TEXT,
  name_folded TEXT,
  domain_folded TEXT,
  PRIMARY KEY(session_id, position)
) WITHOUT ROWID;
CREATE INDEX users_by_name ON users(name_folded, domain_folded);

CREATE TABLE hosts(
  session_id TEXT NOT NULL,
  role TEXT NOT NULL,
  host TEXT NOT NULL,
  PRIMARY KEY(session_id, role, host)
) WITHOUT ROWID;
CREATE INDEX hosts_by_host ON hosts(host);

CREATE TABLE tickets(
  ticket_id TEXT PRIMARY KEY,
  format TEXT,
  reverse_connect INTEGER,
  user_name TEXT,
  start_ns INTEGER,
  expires_ns INTEGER,
  addresses TEXT,
  ra_session_id_sha256 TEXT,
  password_protected INTEGER,
  sid TEXT,
  carrier TEXT,
  carrier_source TEXT,
  carrier_destination TEXT,
  file_name TEXT,
  created_ns INTEGER,
  expired_ns INTEGER,
  deleted_ns INTEGER,
  deleted_how TEXT,
  times_used INTEGER,
  last_ns INTEGER NOT NULL
);
CREATE INDEX tickets_by_last ON tickets(last_ns);

CREATE TABLE files(
  session_id TEXT NOT NULL,
  operation TEXT NOT NULL,
  mechanism TEXT NOT NULL,
  direction TEXT NOT NULL,
  file_name TEXT NOT NULL,
  start_ns INTEGER NOT NULL,
  end_ns INTEGER,
  result TEXT,
  new_file_name TEXT,
  size INTEGER,
  transferred_bytes INTEGER,
  sha256 TEXT,
  internal INTEGER,
  status TEXT,
  PRIMARY KEY(session_id, operation, mechanism, direction, file_name, start_ns)
) WITHOUT ROWID;
CREATE INDEX files_by_name ON files(file_name);
CREATE INDEX files_by_start ON files(start_ns);

CREATE TABLE control_periods(
  session_id TEXT NOT NULL,
  start_ns INTEGER NOT NULL,
  end_ns INTEGER,
  duration_ns INTEGER,
  taken_by TEXT,
  taken_by_role TEXT,
  ended_by TEXT,
  ended_by_role TEXT,
  PRIMARY KEY(session_id, start_ns)
) WITHOUT ROWID;
CREATE INDEX control_periods_by_start ON control_periods(start_ns);
)sql";

constexpr std::array<Migration, 1> kMigrations{kFirst};

tl::expected<void, Failure> step(sqlite::Database& database, Migration sql, std::int64_t version) {
  auto transaction = database.begin();
  if (!transaction.has_value()) { return tl::unexpected{transaction.error()}; }
  // Another process may have done it while this one waited.
  const auto now = database.version();
  if (!now.has_value()) { return tl::unexpected{now.error()}; }
  if (*now >= version) { return {}; }
  auto done = database.execute(sql);
  if (done.has_value()) { done = database.set_version(version); }
  if (!done.has_value()) { return done; }
  return transaction->commit();
}

Failure other_version(std::int64_t found, std::int64_t wanted) {
  const bool newer = found > wanted;
  return {.code = SQLITE_MISMATCH,
          .text = "the store's tables have version " + std::to_string(found) + ", this program " +
                  (newer ? "knows " : "needs ") + std::to_string(wanted) +
                  (newer ? " at most; use the program that wrote it, or a later one"
                         : "; the next program that writes to it updates it")};
}

}  // namespace

std::span<const Migration> migrations() {
  return kMigrations;
}

tl::expected<void, Failure> migrate(sqlite::Database& database, std::span<const Migration> steps) {
  const auto wanted = static_cast<std::int64_t>(steps.size());
  auto version = database.version();
  if (!version.has_value()) { return tl::unexpected{version.error()}; }
  if (*version > wanted) { return tl::unexpected{other_version(*version, wanted)}; }
  for (auto next = *version; next < wanted; ++next) {
    auto done = step(database, steps[static_cast<std::size_t>(next)], next + 1);
    if (!done.has_value()) { return done; }
  }
  return {};
}

tl::expected<void, Failure> check_version(sqlite::Database& database) {
  const auto version = database.version();
  if (!version.has_value()) { return tl::unexpected{version.error()}; }
  const auto wanted = static_cast<std::int64_t>(kMigrations.size());
  if (*version != wanted) { return tl::unexpected{other_version(*version, wanted)}; }
  return {};
}

}  // namespace remora::store
