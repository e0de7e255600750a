#include "daemon/store/retention.h"

#include <algorithm>
#include <array>
#include <string>

namespace remora::store {
namespace {

using sqlite::Database;
using sqlite::Failure;
using sqlite::Step;

constexpr std::int64_t kEventsAtOnce = 1000;

constexpr std::array kWithSession{"DELETE FROM events WHERE session_id = ?",
                                  "DELETE FROM users WHERE session_id = ?",
                                  "DELETE FROM hosts WHERE session_id = ?",
                                  "DELETE FROM files WHERE session_id = ?",
                                  "DELETE FROM control_periods WHERE session_id = ?",
                                  "DELETE FROM sessions WHERE session_id = ?"};

constexpr std::array kWithoutSession{
    "DELETE FROM events WHERE id IN (SELECT id FROM events AS old WHERE time_ns < ?1 AND NOT "
    "EXISTS "
    "(SELECT 1 FROM sessions WHERE session_id = old.session_id) LIMIT 1000)",
    "DELETE FROM files WHERE start_ns < ?1 AND NOT EXISTS "
    "(SELECT 1 FROM sessions WHERE session_id = files.session_id)",
    "DELETE FROM control_periods WHERE start_ns < ?1 AND NOT EXISTS "
    "(SELECT 1 FROM sessions WHERE session_id = control_periods.session_id)",
    "DELETE FROM tickets WHERE last_ns < ?1 AND NOT EXISTS "
    "(SELECT 1 FROM sessions WHERE ticket_id = tickets.ticket_id)"};

/// The number in the only column of the next row, after which the statement is reset.
std::optional<std::int64_t> take_number(sqlite::Statement& statement, Series& series) {
  if (series.failed()) { return std::nullopt; }
  std::optional<std::int64_t> number;
  const auto step = statement.step();
  if (step == Step::kFailed) { series.fail(statement.failure()); }
  if (step == Step::kRow && !statement.is_null(0)) { number = statement.integer(0); }
  statement.reset();
  return number;
}

std::uint64_t pragma(Database& database, const char* name, Series& series) {
  const auto number = database.number(std::string{"PRAGMA "} + name);
  if (!number.has_value()) {
    series.fail(number.error());
    return 0;
  }
  return static_cast<std::uint64_t>(*number);
}

struct Pages {
  std::uint64_t all;
  std::uint64_t free;
  std::uint64_t bytes;  ///< of a page
};

Pages pages_of(Database& database, Series& series) {
  return {.all = pragma(database, "page_count", series),
          .free = pragma(database, "freelist_count", series),
          .bytes = pragma(database, "page_size", series)};
}

bool too_large(const Pages& pages, const Retention& retention) {
  return retention.max_bytes.has_value() &&
         (pages.all - pages.free) * pages.bytes > *retention.max_bytes;
}

/// Gives pages back to the disk: those above the limit, and where more than a quarter is unused.
/// The rest is for the next events.
void give_back(Database& database, const Retention& retention, Series& series) {
  const auto pages = pages_of(database, series);
  if (series.failed() || pages.free == 0) { return; }
  std::uint64_t unwanted = pages.free > pages.all / 4 ? kEventsAtOnce : 0;
  if (retention.max_bytes.has_value() && pages.all * pages.bytes > *retention.max_bytes) {
    unwanted = std::max(unwanted, pages.all - *retention.max_bytes / pages.bytes);
  }
  if (unwanted == 0) { return; }
  const auto done = database.execute("PRAGMA incremental_vacuum(" + std::to_string(unwanted) + ")");
  if (!done.has_value()) { series.fail(done.error()); }
}

}  // namespace

Trimmer::Trimmer(Series& series)
    : newest_{series.prepare("SELECT max(time_ns) FROM events")},
      nth_oldest_{series.prepare("SELECT time_ns FROM events ORDER BY time_ns LIMIT 1 OFFSET ?")},
      old_sessions_{series.prepare(
          "SELECT session_id FROM sessions WHERE last_ns < ? ORDER BY last_ns LIMIT 100")} {
  for (const auto* sql : kWithSession) { with_session_.push_back(series.prepare(sql)); }
  for (const auto* sql : kWithoutSession) { without_session_.push_back(series.prepare(sql)); }
}

tl::expected<bool, Failure> Trimmer::step(Database& database, const Retention& retention,
                                          std::int64_t now) {
  if (!retention.age.has_value() && !retention.max_bytes.has_value()) { return false; }
  Series series{database};
  auto transaction = database.begin();
  if (!transaction.has_value()) { return tl::unexpected{transaction.error()}; }
  const bool removed = remove(database, series, retention, now);
  if (series.failed()) { return tl::unexpected{series.result().error()}; }
  auto done = transaction->commit();
  if (!done.has_value()) { return tl::unexpected{done.error()}; }
  if (removed) { give_back(database, retention, series); }
  if (series.failed()) { return tl::unexpected{series.result().error()}; }
  return removed;
}

bool Trimmer::remove(Database& database, Series& series, const Retention& retention,
                     std::int64_t now) {
  if (retention.age.has_value()) {
    const auto newest = take_number(newest_, series);
    if (!newest.has_value()) { return false; }
    if (remove_before(std::min(*newest, now) - retention.age->count(), series)) { return true; }
  }
  return too_large(pages_of(database, series), retention) && remove_oldest(series);
}

bool Trimmer::remove_oldest(Series& series) {
  // The oldest events may all belong to a session that goes on: then those after them.
  for (auto events = kEventsAtOnce; !series.failed(); events *= 2) {
    nth_oldest_.bind(1, events);
    const auto time = take_number(nth_oldest_, series);
    if (!time.has_value()) { return remove_before(INT64_MAX, series); }
    if (remove_before(*time, series)) { return true; }
  }
  return false;
}

std::vector<std::string> Trimmer::sessions_before(std::int64_t time, Series& series) {
  std::vector<std::string> sessions;
  if (series.failed()) { return sessions; }
  old_sessions_.bind(1, time);
  auto step = old_sessions_.step();
  for (; step == Step::kRow; step = old_sessions_.step()) {
    sessions.emplace_back(old_sessions_.text(0));
  }
  if (step == Step::kFailed) { series.fail(old_sessions_.failure()); }
  old_sessions_.reset();
  return sessions;
}

bool Trimmer::remove_before(std::int64_t time, Series& series) {
  std::int64_t removed = 0;
  for (const auto& session : sessions_before(time, series)) {
    for (auto& statement : with_session_) {
      statement.bind(1, session);
      removed += series.run(statement);
    }
  }
  for (auto& statement : without_session_) {
    statement.bind(1, time);
    removed += series.run(statement);
  }
  return removed > 0;
}

}  // namespace remora::store
