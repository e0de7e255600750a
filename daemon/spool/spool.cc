#include "daemon/spool/spool.h"

#include <algorithm>
#include <utility>

#include "daemon/spool/salvage.h"
#include "daemon/sqlite/damaged_file.h"
#include "daemon/sqlite/statement.h"
#include "daemon/sqlite/transaction.h"

namespace remora::spool {
namespace {

using sqlite::Failure;

constexpr std::int64_t kVersion = 1;
constexpr std::uint64_t kPageBytes = 4096;
constexpr std::uint64_t kMinBytes = 1U << 20U;

/// AUTOINCREMENT: a number is never used again, also when all events are gone.
constexpr const char* kTables =
    "CREATE TABLE event(number INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL,"
    " bytes BLOB NOT NULL);"
    "CREATE TABLE cursor(output TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE given_up(kind TEXT PRIMARY KEY, events INTEGER NOT NULL) WITHOUT ROWID;";

/// Free pages beyond which the file is made smaller, and by how many at a time: outputs that fell
/// behind for an hour shall not cost disk for ever, and a step shall take no time.
constexpr std::int64_t kManyFreePages = 4096;
constexpr const char* kShrink = "PRAGMA incremental_vacuum(1024)";

tl::expected<void, Failure> make_tables(sqlite::Database& database) {
  const auto version = database.version();
  if (!version.has_value()) { return tl::unexpected{version.error()}; }
  if (*version == kVersion) { return {}; }
  if (*version != 0) {
    return tl::unexpected{Failure{
        .code = 0, .text = "was written by a newer version of Remora; update, or move it away"}};
  }
  auto transaction = database.begin();
  if (!transaction.has_value()) { return tl::unexpected{transaction.error()}; }
  if (auto made = database.execute(kTables); !made.has_value()) { return made; }
  if (auto set = database.set_version(kVersion); !set.has_value()) { return set; }
  return transaction->commit();
}

/// A file that is ready for use, or why it is not.
tl::expected<sqlite::Database, Failure> open_file(const SpoolSettings& settings) {
  auto database = sqlite::Database::open(settings.path);
  if (!database.has_value()) { return database; }
  const auto pages = std::max(settings.max_bytes, kMinBytes) / kPageBytes;
  // The order counts: size of pages and way of shrinking are fixed by the first write.
  for (const auto& pragma :
       {"PRAGMA page_size=" + std::to_string(kPageBytes), std::string{"PRAGMA auto_vacuum=2"},
        std::string{"PRAGMA journal_mode=WAL"}, std::string{"PRAGMA synchronous=FULL"},
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

std::string text_of(const SpoolSettings& settings, const Failure& failure) {
  // Failures of SQLite name the file themselves.
  return failure.text.starts_with(settings.path) ? failure.text
                                                 : settings.path + ": " + failure.text;
}

}  // namespace

struct Spool::Statements {
  sqlite::Statement insert;
  sqlite::Statement set_cursor;
  sqlite::Statement trim;
  sqlite::Statement set_given_up;
};

void Spool::Forget::operator()(Statements* statements) const {
  delete statements;
}

tl::expected<std::unique_ptr<Spool>, std::string> Spool::open(SpoolSettings settings,
                                                              std::string& notice) {
  auto lock = FileLock::take(settings.path + ".lock");
  if (!lock.has_value()) { return tl::unexpected{std::move(lock.error())}; }
  auto database = open_file(settings);
  std::string aside;
  if (!database.has_value() && database.error().is_damaged()) {
    const auto why = text_of(settings, database.error());
    auto moved = sqlite::set_aside(settings.path);
    if (!moved.has_value()) { return tl::unexpected{std::move(moved.error())}; }
    aside = std::move(*moved);
    notice = why + "; it was set aside as " + aside;
    database = open_file(settings);
  }
  if (!database.has_value()) { return tl::unexpected{text_of(settings, database.error())}; }
  std::unique_ptr<Spool> spool{
      new Spool{std::move(settings), std::move(*lock), std::move(*database)}};
  if (auto ready = spool->prepare(); !ready.has_value()) {
    return tl::unexpected{text_of(spool->settings_, ready.error())};
  }
  if (!aside.empty()) {
    notice += ", and " + std::to_string(salvage(aside, *spool)) + " events of it were taken over";
  }
  return spool;
}

Spool::Spool(SpoolSettings settings, FileLock lock, sqlite::Database database)
    : settings_{std::move(settings)}, lock_{std::move(lock)}, database_{std::move(database)} {
  settings_.max_bytes = std::max(settings_.max_bytes, kMinBytes);
}

tl::expected<void, Failure> Spool::prepare() {
  auto insert = database_.prepare("INSERT INTO event(kind, bytes) VALUES(?, ?)");
  auto set_cursor = database_.prepare("INSERT OR REPLACE INTO cursor VALUES(?, ?)");
  auto trim = database_.prepare("DELETE FROM event WHERE number <= ?");
  auto set_given_up = database_.prepare("INSERT OR REPLACE INTO given_up VALUES(?, ?)");
  for (auto* statement : {&insert, &set_cursor, &trim, &set_given_up}) {
    if (!statement->has_value()) { return tl::unexpected{std::move(statement->error())}; }
  }
  statements_.reset(new Statements{std::move(*insert), std::move(*set_cursor), std::move(*trim),
                                   std::move(*set_given_up)});
  const auto last = database_.number("SELECT seq FROM sqlite_sequence WHERE name = 'event'");
  if (!last.has_value()) { return tl::unexpected{last.error()}; }
  last_ = static_cast<std::uint64_t>(*last);
  return load_cursors();
}

tl::expected<void, Failure> Spool::load_cursors() {
  for (const auto& output : settings_.outputs) { cursors_[output] = 0; }
  auto cursors = database_.prepare("SELECT output, number FROM cursor");
  if (!cursors.has_value()) { return tl::unexpected{cursors.error()}; }
  while (cursors->step() == sqlite::Step::kRow) {
    const auto found = cursors_.find(std::string{cursors->text(0)});
    if (found == cursors_.end()) { continue; }
    found->second = std::min(static_cast<std::uint64_t>(cursors->integer(1)), last_);
  }
  auto given_up = database_.prepare("SELECT kind, events FROM given_up");
  if (!given_up.has_value()) { return tl::unexpected{given_up.error()}; }
  while (given_up->step() == sqlite::Step::kRow) {
    given_up_[std::string{given_up->text(0)}] = static_cast<std::uint64_t>(given_up->integer(1));
  }
  const auto first = database_.number("SELECT min(number) FROM event");
  if (!first.has_value()) { return tl::unexpected{first.error()}; }
  trimmed_ = *first == 0 ? last_ : static_cast<std::uint64_t>(*first) - 1;
  for (auto& [output, number] : cursors_) { number = std::max(number, trimmed_); }
  return database_.execute("DELETE FROM cursor");
}

Appended Spool::append(std::span<const Spoolable> events) {
  Appended result;
  const std::lock_guard lock{mutex_};
  std::vector<bool> left_out(events.size(), false);
  if (settings_.overflow == Overflow::kGiveUpLeast) {
    const auto used = used_bytes_locked();
    for (std::size_t index = 0; index < events.size(); ++index) {
      if (has_room(events[index].importance, used, settings_.max_bytes)) { continue; }
      left_out[index] = true;
      ++result.given_up;
    }
  }
  const auto inserted = insert(events, left_out);
  if (!inserted.has_value()) {
    problem_ = result.problem = text_of(settings_, inserted.error());
    if (settings_.overflow == Overflow::kWait) { return result; }
    left_out.assign(events.size(), true);
    result.given_up = events.size();
  } else if (result.given_up > 0) {
    problem_ = result.problem =
        settings_.path + ": is nearly full; outputs are behind, or it is too small";
  } else {
    problem_.clear();
  }
  for (std::size_t index = 0; index < events.size(); ++index) {
    if (left_out[index]) { give_up(events[index]); }
  }
  result.taken = true;
  more_.notify_all();
  return result;
}

tl::expected<void, Failure> Spool::insert(std::span<const Spoolable> events,
                                          const std::vector<bool>& left_out) {
  if (std::ranges::find(left_out, false) == left_out.end()) { return {}; }
  auto transaction = database_.begin();
  if (!transaction.has_value()) { return tl::unexpected{std::move(transaction.error())}; }
  for (std::size_t index = 0; index < events.size(); ++index) {
    if (left_out[index]) { continue; }
    statements_->insert.bind(1, events[index].kind);
    statements_->insert.bind_blob(2, events[index].bytes);
    if (auto done = statements_->insert.run(); !done.has_value()) { return done; }
  }
  const auto last = static_cast<std::uint64_t>(database_.last_row());
  if (auto done = transaction->commit(); !done.has_value()) { return done; }
  last_ = last;
  return {};
}

void Spool::give_up(const Spoolable& event) {
  ++given_up_[event.kind];
  given_up_changed_ = true;
}

void Spool::acknowledge(const std::string& output, std::uint64_t number) {
  const std::lock_guard lock{mutex_};
  const auto found = cursors_.find(output);
  if (found == cursors_.end() || number <= found->second) { return; }
  found->second = std::min(number, last_);
  ++acknowledgements_;
  if (auto done = settle(output); !done.has_value()) {
    // It counts all the same; only a crash now would send these events again.
    problem_ = text_of(settings_, done.error());
  }
  room_.notify_all();
}

/// Not synchronised with the disk: what a crash takes back is sent twice.
tl::expected<void, Failure> Spool::settle(const std::string& output) {
  (void)database_.execute("PRAGMA synchronous=NORMAL");
  const auto write = [&]() -> tl::expected<void, Failure> {
    auto transaction = database_.begin();
    if (!transaction.has_value()) { return tl::unexpected{std::move(transaction.error())}; }
    statements_->set_cursor.bind(1, output);
    statements_->set_cursor.bind(2, static_cast<std::int64_t>(cursors_.at(output)));
    if (auto done = statements_->set_cursor.run(); !done.has_value()) { return done; }
    const auto everybody = everybody_has();
    if (everybody > trimmed_) {
      statements_->trim.bind(1, static_cast<std::int64_t>(everybody));
      if (auto done = statements_->trim.run(); !done.has_value()) { return done; }
    }
    if (given_up_changed_) {
      for (const auto& [kind, events] : given_up_) {
        statements_->set_given_up.bind(1, kind);
        statements_->set_given_up.bind(2, static_cast<std::int64_t>(events));
        if (auto done = statements_->set_given_up.run(); !done.has_value()) { return done; }
      }
    }
    if (auto done = transaction->commit(); !done.has_value()) { return done; }
    given_up_changed_ = false;
    trimmed_ = everybody;
    return {};
  };
  auto written = write();
  (void)database_.execute("PRAGMA synchronous=FULL");
  const auto free_pages = database_.number("PRAGMA freelist_count");
  if (free_pages.has_value() && *free_pages > kManyFreePages) { (void)database_.execute(kShrink); }
  return written;
}

std::uint64_t Spool::everybody_has() const {
  auto least = last_;
  for (const auto& [output, number] : cursors_) { least = std::min(least, number); }
  return least;
}

std::uint64_t Spool::acknowledged(const std::string& output) const {
  const std::lock_guard lock{mutex_};
  const auto found = cursors_.find(output);
  return found == cursors_.end() ? 0 : found->second;
}

std::uint64_t Spool::last() const {
  const std::lock_guard lock{mutex_};
  return last_;
}

bool Spool::settled() const {
  const std::lock_guard lock{mutex_};
  return everybody_has() == last_;
}

std::uint64_t Spool::waiting(const std::string& output) const {
  return last() - std::min(last(), acknowledged(output));
}

std::uint64_t Spool::used_bytes() const {
  const std::lock_guard lock{mutex_};
  return used_bytes_locked();
}

std::uint64_t Spool::used_bytes_locked() const {
  const auto pages = database_.number("PRAGMA page_count");
  const auto free_pages = database_.number("PRAGMA freelist_count");
  if (!pages.has_value() || !free_pages.has_value()) { return 0; }
  return static_cast<std::uint64_t>(*pages - *free_pages) * kPageBytes;
}

std::map<std::string, std::uint64_t> Spool::given_up() const {
  const std::lock_guard lock{mutex_};
  return given_up_;
}

std::string Spool::problem() const {
  const std::lock_guard lock{mutex_};
  return problem_;
}

void Spool::wait_for_more(std::uint64_t number, std::chrono::milliseconds patience) {
  std::unique_lock lock{mutex_};
  const auto wakes = wakes_;
  (void)more_.wait_for(lock, patience, [&] { return last_ > number || wakes_ != wakes; });
}

void Spool::wait_for_room(std::chrono::milliseconds patience) {
  std::unique_lock lock{mutex_};
  const auto wakes = wakes_;
  const auto acknowledgements = acknowledgements_;
  (void)room_.wait_for(lock, patience,
                       [&] { return acknowledgements_ != acknowledgements || wakes_ != wakes; });
}

void Spool::wake() {
  const std::lock_guard lock{mutex_};
  ++wakes_;
  more_.notify_all();
  room_.notify_all();
}

}  // namespace remora::spool
