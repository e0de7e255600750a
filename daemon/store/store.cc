#include "daemon/store/store.h"

#include <sqlite3.h>
#include <utility>

#include "daemon/event/kind.h"
#include "daemon/sqlite/damaged_file.h"
#include "daemon/store/activity_writer.h"
#include "daemon/store/file_identity.h"
#include "daemon/store/schema.h"
#include "daemon/store/session_writer.h"
#include "daemon/store/ticket_writer.h"

namespace remora::store {
namespace {

using sqlite::Database;
using sqlite::Failure;

/// The file beside which the log is kept small when a reader let it grow.
constexpr const char* kJournal = "PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 67108864";
constexpr const char* kInsert = R"sql(
INSERT OR IGNORE INTO events(event_id, time_ns, kind, session_id, ticket_id, certainty, event)
VALUES(?, ?, ?, ?, ?, ?, ?)
)sql";

tl::expected<void, Failure> set_up(Database& database, bool durable) {
  const auto header = database.head(1);
  if (!header.has_value()) { return tl::unexpected{header.error()}; }
  if (header->empty()) {
    // Both stand in the first page, which is written before the journal is one beside the file: a
    // store is known as one from its first byte.
    auto made = database.execute("PRAGMA auto_vacuum = INCREMENTAL; PRAGMA application_id = " +
                                 std::to_string(kApplicationId));
    if (!made.has_value()) { return made; }
  }
  auto done = database.execute(kJournal);
  if (done.has_value()) {
    done = database.execute(durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
  }
  if (done.has_value()) { done = database.quick_check(); }
  return done.has_value() ? migrate(database, migrations()) : done;
}

tl::expected<Database, Failure> open_database(const std::string& path, bool durable) {
  auto database = Database::open(path);
  if (!database.has_value()) { return database; }
  const auto done = set_up(*database, durable);
  if (!done.has_value()) { return tl::unexpected{done.error()}; }
  return database;
}

std::string not_a_store(const std::string& path) {
  return path + ": is not a store of Remora; name another file";
}

/// SQLite's own texts name the file.
std::string text_of(const std::string& path, const Failure& failure) {
  return failure.code == SQLITE_MISMATCH ? path + ": " + failure.text : failure.text;
}

}  // namespace

/// In the order in which they depend on each other: statements go before their database.
struct Store::Parts {
  Parts(Database opened, const Retention& keep)
      : database{std::move(opened)},
        retention{keep},
        insert{preparing.prepare(kInsert)},
        sessions{preparing},
        tickets{preparing},
        activity{preparing},
        trimmer{preparing} {}

  Database database;
  Retention retention;
  std::string notice;
  Series preparing{database};
  sqlite::Statement insert;
  SessionWriter sessions;
  TicketWriter tickets;
  ActivityWriter activity;
  Trimmer trimmer;

  [[nodiscard]] bool add(const Entry& entry, Series& series);
};

Store::Store(std::unique_ptr<Parts> parts) : parts_{std::move(parts)} {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

tl::expected<Store, std::string> Store::open(const std::string& path, const StoreOptions& options) {
  const auto identity = identify_file(path);
  if (!identity.has_value()) { return tl::unexpected{identity.error()}; }
  if (*identity == FileIdentity::kStranger) { return tl::unexpected{not_a_store(path)}; }
  auto database = open_database(path, options.durable);
  std::string notice;
  if (!database.has_value() && database.error().is_damaged()) {
    const auto aside = sqlite::set_aside(path);
    if (!aside.has_value()) { return tl::unexpected{aside.error()}; }
    notice = path + ": is damaged; it was renamed to " + *aside + ", and a new one begun";
    database = open_database(path, options.durable);
  }
  if (!database.has_value()) { return tl::unexpected{text_of(path, database.error())}; }
  auto parts = std::make_unique<Parts>(std::move(*database), options.retention);
  if (const auto prepared = parts->preparing.result(); !prepared.has_value()) {
    return tl::unexpected{prepared.error().text};
  }
  parts->notice = std::move(notice);
  return Store{std::move(parts)};
}

const std::string& Store::notice() const {
  return parts_->notice;
}

bool Store::Parts::add(const Entry& entry, Series& series) {
  const auto& event = *entry.event;
  const auto kind = kind_name(event);
  Row{insert}
      .text(event.event_id())
      .number(to_nanoseconds(event.time()))
      .text(kind)
      .text(event.session_id())
      .text(event.ticket_id())
      .text_if(event.certainty() != 0, v1::Knowledge::Certainty_Name(event.certainty()))
      .blob(entry.bytes);
  if (series.run(insert) == 0) { return false; }
  sessions.take(event, database.last_row());
  tickets.write(event, series);
  activity.write(event, series);
  return true;
}

tl::expected<std::size_t, Failure> Store::add(std::span<const Entry> entries) {
  auto& parts = *parts_;
  auto transaction = parts.database.begin();
  if (!transaction.has_value()) { return tl::unexpected{transaction.error()}; }
  Series series{parts.database};
  std::size_t added = 0;
  for (const auto& entry : entries) {
    if (parts.add(entry, series)) { ++added; }
  }
  parts.sessions.flush(series);
  if (series.failed()) { return tl::unexpected{series.result().error()}; }
  const auto done = transaction->commit();
  if (!done.has_value()) { return tl::unexpected{done.error()}; }
  return added;
}

tl::expected<bool, Failure> Store::trim(std::int64_t now) {
  return parts_->trimmer.step(parts_->database, parts_->retention, now);
}

tl::expected<Database, std::string> open_to_read(const std::string& path) {
  const auto identity = identify_file(path);
  if (!identity.has_value()) { return tl::unexpected{identity.error()}; }
  if (*identity == FileIdentity::kNothing) {
    return tl::unexpected{path + ": there is no store; remora replay --store makes one"};
  }
  if (*identity == FileIdentity::kStranger) { return tl::unexpected{not_a_store(path)}; }
  auto database = Database::open(path, {.read_only = true});
  if (!database.has_value()) { return tl::unexpected{database.error().text}; }
  const auto checked = check_version(*database);
  if (!checked.has_value()) { return tl::unexpected{text_of(path, checked.error())}; }
  return std::move(*database);
}

}  // namespace remora::store
