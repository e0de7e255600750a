#include "daemon/spool/spool.h"

#include <algorithm>
#include <utility>

#include "daemon/spool/salvage.h"
#include "daemon/spool/spool_file.h"
#include "daemon/sqlite/statement.h"
#include "daemon/sqlite/transaction.h"

namespace remora::spool {
namespace {

using sqlite::Failure;

/// Free pages beyond which the file is made smaller, and by how many at a time: outputs that fell
/// behind for an hour shall not cost disk for ever, and a step shall take no time.
constexpr std::int64_t kManyFreePages = 4096;
constexpr const char* kShrink = "PRAGMA incremental_vacuum(1024)";
/// The same on a disk that is full.
constexpr std::int64_t kShrinkPages = 16;
/// LIMIT: so many events go in one transaction as the journal surely takes.
constexpr std::uint64_t kTrimAtOnce = 500;
/// LIMIT: what part of the file may be taken by what goes on.
constexpr std::uint64_t kOngoingShare = 4;

std::string text_of(const SpoolSettings& settings, const Failure& failure) {
  // Failures of SQLite name the file themselves.
  return failure.text.find(settings.path + ':') != std::string::npos
             ? failure.text
             : settings.path + ": " + failure.text;
}

}  // namespace

struct Spool::Statements {
  sqlite::Statement insert;
  sqlite::Statement set_cursor;
  sqlite::Statement drop_cursor;
  sqlite::Statement trim;
  sqlite::Statement set_given_up;
};

void Spool::Forget::operator()(Statements* statements) const {
  delete statements;
}

bool is_in_use(const std::string& path) {
  return FileLock::is_held(path + ".lock");
}

tl::expected<std::unique_ptr<Spool>, std::string> Spool::open(SpoolSettings settings,
                                                              std::string& notice) {
  auto lock = FileLock::take(settings.path + ".lock");
  if (!lock.has_value()) { return tl::unexpected{std::move(lock.error())}; }
  if (auto finished = finish_salvage(settings.path, notice); !finished.has_value()) {
    return tl::unexpected{std::move(finished.error())};
  }
  if (is_a_strangers(settings.path)) {
    return tl::unexpected{settings.path +
                          ": is no spool, and no database; move it, or name another path"};
  }
  Reserve reserve{settings.path + ".reserve", 0};
  (void)reserve.release();
  const auto shares = shares_of_disk(settings.path);
  reserve = Reserve{settings.path + ".reserve", shares.reserve_bytes};
  auto database = open_file(settings, shares);
  if (!database.has_value() && database.error().is_damaged()) {
    notice = text_of(settings, database.error());
    database = tl::unexpected{Failure{}};  // closed: its file is moved now
    if (auto salvaged = salvage(settings, notice); !salvaged.has_value()) {
      return tl::unexpected{std::move(salvaged.error())};
    }
    database = open_file(settings, shares);
  }
  if (!database.has_value()) { return tl::unexpected{text_of(settings, database.error())}; }
  // Of a transaction several share the room of a small spool.
  const auto transaction_bytes =
      std::min(shares.journal_pages * kPageBytes, std::max(settings.max_bytes, kMinBytes) / 16);
  std::unique_ptr<Spool> spool{new Spool{std::move(settings), std::move(*lock), std::move(reserve),
                                         transaction_bytes, std::move(*database)}};
  if (auto ready = spool->prepare(); !ready.has_value()) {
    return tl::unexpected{text_of(spool->settings_, ready.error())};
  }
  return spool;
}

Spool::Spool(SpoolSettings settings, FileLock lock, Reserve reserve,
             std::uint64_t transaction_bytes, sqlite::Database database)
    : settings_{std::move(settings)},
      lock_{std::move(lock)},
      reserve_{std::move(reserve)},
      transaction_bytes_{transaction_bytes},
      database_{std::move(database)} {
  (void)reserve_.take();
  settings_.max_bytes = std::max(settings_.max_bytes, kMinBytes);
}

tl::expected<void, Failure> Spool::prepare() {
  auto insert = database_.prepare("INSERT INTO event(kind, bytes) VALUES(?, ?)");
  auto set_cursor = database_.prepare("INSERT OR REPLACE INTO cursor VALUES(?, ?)");
  auto drop_cursor = database_.prepare("DELETE FROM cursor WHERE output = ?");
  auto trim = database_.prepare("DELETE FROM event WHERE number <= ?");
  auto set_given_up = database_.prepare("INSERT OR REPLACE INTO given_up VALUES(?, ?)");
  for (auto* statement : {&insert, &set_cursor, &drop_cursor, &trim, &set_given_up}) {
    if (!statement->has_value()) { return tl::unexpected{std::move(statement->error())}; }
  }
  statements_.reset(new Statements{std::move(*insert), std::move(*set_cursor),
                                   std::move(*drop_cursor), std::move(*trim),
                                   std::move(*set_given_up)});
  auto ongoing = Ongoing::open(database_, settings_.max_bytes / kOngoingShare);
  if (!ongoing.has_value()) { return tl::unexpected{std::move(ongoing.error())}; }
  ongoing_.emplace(std::move(*ongoing));
  const auto last = database_.number("SELECT seq FROM sqlite_sequence WHERE name = 'event'");
  if (!last.has_value()) { return tl::unexpected{last.error()}; }
  last_ = static_cast<std::uint64_t>(*last);
  return load_cursors();
}

tl::expected<void, Failure> Spool::load_cursors() {
  for (const auto& output : settings_.outputs) { cursors_[output] = 0; }
  auto cursors = database_.prepare("SELECT output, number FROM cursor");
  if (!cursors.has_value()) { return tl::unexpected{cursors.error()}; }
  std::vector<std::string> strangers;
  while (cursors->step() == sqlite::Step::kRow) {
    const auto found = cursors_.find(std::string{cursors->text(0)});
    if (found == cursors_.end()) {
      strangers.emplace_back(cursors->text(0));
    } else {
      found->second = std::min(static_cast<std::uint64_t>(cursors->integer(1)), last_);
    }
  }
  cursors->reset();
  for (const auto& output : strangers) {
    statements_->drop_cursor.bind(1, output);
    // On a full disk it waits for the next time.
    (void)statements_->drop_cursor.run();
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
  return {};
}

Appended Spool::append(std::span<const Spoolable> events) {
  Appended result;
  const std::lock_guard lock{mutex_};
  while (result.taken < events.size()) {
    const auto rest = events.subspan(result.taken);
    std::size_t count = 0;
    std::uint64_t bytes = 0;
    while (count < rest.size() &&
           (count == 0 || bytes + rest[count].bytes.size() <= transaction_bytes_)) {
      bytes += rest[count].bytes.size();
      ++count;
    }
    const auto before = result.taken;
    append_some(rest.first(count), result);
    if (result.taken == before) { break; }
  }
  more_.notify_all();
  return result;
}

void Spool::append_some(std::span<const Spoolable> events, Appended& result) {
  std::vector<bool> left_out(events.size(), false);
  if (settings_.overflow == Overflow::kGiveUpLeast) {
    auto used = used_bytes_locked();
    for (std::size_t index = 0; index < events.size(); ++index) {
      left_out[index] = !has_room(events[index].importance, used, settings_.max_bytes);
      if (!left_out[index]) { used += events[index].bytes.size(); }
    }
  }
  auto inserted = insert(events, left_out);
  if (!inserted.has_value() && inserted.error().is_full() && shrink()) {
    inserted = insert(events, left_out);
  }
  problem_.clear();
  if (!inserted.has_value()) {
    problem_ = result.problem = text_of(settings_, inserted.error());
    if (settings_.overflow == Overflow::kWait) { return; }
    (void)insert_what_fits(events, left_out);
  }
  const auto before = result.given_up;
  for (std::size_t index = 0; index < events.size(); ++index) {
    if (!left_out[index]) { continue; }
    ++given_up_[events[index].kind];
    ++result.given_up;
  }
  result.taken += events.size();
  if (result.given_up == before) { return; }
  end_given_up(events, left_out);
  if (problem_.empty()) {
    problem_ = settings_.path + ": is nearly full; outputs are behind, or it is too small";
  }
  result.problem = problem_;
  given_up_changed_ = !write_given_up().has_value();
}

/// An end is one also where its event is given up: else what is over would be kept for ever.
void Spool::end_given_up(std::span<const Spoolable> events, const std::vector<bool>& left_out) {
  (void)in_loose_transaction([&]() -> tl::expected<void, Failure> {
    for (std::size_t index = 0; index < events.size(); ++index) {
      if (!left_out[index] || !events[index].over) { continue; }
      if (auto done = ongoing_->drop(events[index].ongoing); !done.has_value()) { return done; }
    }
    return {};
  });
}

/// Without the least important ones, then without the next, at last one by one.
tl::expected<void, Failure> Spool::insert_what_fits(std::span<const Spoolable> events,
                                                    std::vector<bool>& left_out) {
  tl::expected<void, Failure> inserted;
  for (const auto least : {Importance::kInterim, Importance::kActivity, Importance::kRecord}) {
    for (std::size_t index = 0; index < events.size(); ++index) {
      left_out[index] = left_out[index] || events[index].importance < least;
    }
    inserted = insert(events, left_out);
    if (inserted.has_value()) { return inserted; }
  }
  for (std::size_t index = 0; index < events.size(); ++index) {
    if (left_out[index]) { continue; }
    if (inserted = insert(events.subspan(index, 1), {false}); !inserted.has_value()) {
      std::fill(left_out.begin() + static_cast<std::ptrdiff_t>(index), left_out.end(), true);
      break;
    }
  }
  return inserted;
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
  const auto before = ongoing_->fill();
  auto done = keep_ongoing(events, left_out);
  if (done.has_value()) { done = transaction->commit(); }
  if (!done.has_value()) {
    ongoing_->restore(before);
    return done;
  }
  last_ = last;
  return {};
}

tl::expected<void, Failure> Spool::keep_ongoing(std::span<const Spoolable> events,
                                                const std::vector<bool>& left_out) {
  for (std::size_t index = 0; index < events.size(); ++index) {
    const auto& event = events[index];
    if (left_out[index] || event.ongoing.empty()) { continue; }
    auto done =
        event.over ? ongoing_->drop(event.ongoing) : ongoing_->keep(event.ongoing, event.bytes);
    if (!done.has_value()) { return done; }
  }
  return {};
}

tl::expected<std::vector<std::string>, std::string> Spool::ongoing() const {
  const std::lock_guard lock{mutex_};
  return ongoing_->all().map_error(
      [this](const Failure& failure) { return text_of(settings_, failure); });
}

void Spool::set_outputs(const std::vector<std::string>& outputs) {
  {
    const std::lock_guard lock{mutex_};
    for (const auto& output : outputs) { cursors_.try_emplace(output, trimmed_); }
    for (auto cursor = cursors_.begin(); cursor != cursors_.end();) {
      if (std::ranges::find(outputs, cursor->first) != outputs.end()) {
        ++cursor;
        continue;
      }
      statements_->drop_cursor.bind(1, cursor->first);
      // On a full disk it waits for the next opening.
      (void)statements_->drop_cursor.run();
      cursor = cursors_.erase(cursor);
    }
    settings_.outputs = outputs;
  }
  while (trim_some()) {}
}

/// Gives the disk all that is free in the file and its journal: the next transaction needs it
/// there. False: the reserve did not come back from it, and events must not have it.
bool Spool::shrink() {
  (void)reserve_.release();
  // In steps that the journal has room for: each moves pages through it.
  const auto step = "PRAGMA incremental_vacuum(" + std::to_string(kShrinkPages) + ')';
  std::int64_t before = 0;
  do {
    before = database_.number("PRAGMA freelist_count").value_or(0);
    (void)database_.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    (void)database_.execute(step);
  } while (database_.number("PRAGMA freelist_count").value_or(0) < before);
  (void)database_.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  return reserve_.take();
}

tl::expected<void, Failure> Spool::write_given_up() {
  for (const auto& [kind, events] : given_up_) {
    statements_->set_given_up.bind(1, kind);
    statements_->set_given_up.bind(2, static_cast<std::int64_t>(events));
    if (auto done = statements_->set_given_up.run(); !done.has_value()) { return done; }
  }
  return {};
}

void Spool::acknowledge(const std::string& output, std::uint64_t number) {
  {
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
  // Each step by itself: a removed output may leave very many events, and appending must not wait.
  while (trim_some()) {}
}

bool Spool::trim_some() {
  const std::lock_guard lock{mutex_};
  if (everybody_has() <= trimmed_) { return false; }
  const auto done = in_loose_transaction([this] { return trim(); });
  if (!done.has_value()) { problem_ = text_of(settings_, done.error()); }
  room_.notify_all();
  return done.has_value();
}

tl::expected<void, Failure> Spool::settle(const std::string& output) {
  auto written = in_loose_transaction([&] { return write_cursor(output); });
  if (!written.has_value()) { return written; }
  const auto free_pages = database_.number("PRAGMA freelist_count");
  if (free_pages.has_value() && *free_pages > kManyFreePages) { (void)database_.execute(kShrink); }
  (void)reserve_.take();
  return written;
}

/// Not synchronised with the disk: what a crash takes back is done again. Where the disk is full it
/// has the reserve.
template <typename Write>
tl::expected<void, Failure> Spool::in_loose_transaction(Write write) {
  const auto whole = [&]() -> tl::expected<void, Failure> {
    auto transaction = database_.begin();
    if (!transaction.has_value()) { return tl::unexpected{std::move(transaction.error())}; }
    if (auto done = write(); !done.has_value()) { return done; }
    return transaction->commit();
  };
  (void)database_.execute("PRAGMA synchronous=NORMAL");
  auto written = whole();
  if (!written.has_value() && (written.error().is_full() || written.error().is_disk()) &&
      reserve_.release()) {
    written = whole();
    (void)shrink();
  }
  (void)database_.execute("PRAGMA synchronous=FULL");
  if (written.has_value()) { trimmed_ = std::max(trimmed_, trimming_); }
  return written;
}

tl::expected<void, Failure> Spool::write_cursor(const std::string& output) {
  statements_->set_cursor.bind(1, output);
  statements_->set_cursor.bind(2, static_cast<std::int64_t>(cursors_.at(output)));
  if (auto done = statements_->set_cursor.run(); !done.has_value()) { return done; }
  if (given_up_changed_) {
    if (auto done = write_given_up(); !done.has_value()) { return done; }
    given_up_changed_ = false;
  }
  return trim();
}

tl::expected<void, Failure> Spool::trim() {
  trimming_ = std::min(everybody_has(), trimmed_ + kTrimAtOnce);
  if (trimming_ <= trimmed_) { return {}; }
  statements_->trim.bind(1, static_cast<std::int64_t>(trimming_));
  return statements_->trim.run();
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
  const std::lock_guard lock{mutex_};
  const auto found = cursors_.find(output);
  return found == cursors_.end() ? 0 : last_ - std::min(last_, found->second);
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
