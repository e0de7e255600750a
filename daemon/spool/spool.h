#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "daemon/event/importance.h"
#include "daemon/spool/file_lock.h"
#include "daemon/spool/ongoing.h"
#include "daemon/spool/overflow.h"
#include "daemon/spool/reserve.h"
#include "daemon/sqlite/database.h"

namespace remora::spool {

struct SpoolSettings {
  std::string path;
  /// Of the file. LIMIT: at least 1 MiB.
  std::uint64_t max_bytes{std::uint64_t{1} << 30U};
  Overflow overflow{Overflow::kGiveUpLeast};
  /// Every output there is. What the file remembers of others is forgotten: an output that was
  /// removed holds nothing back. A new one begins with the oldest event that is still there.
  std::vector<std::string> outputs{};
};

/// An event as the spool takes it.
struct Spoolable {
  Importance importance{Importance::kRecord};
  std::string kind;   ///< for counting what is given up
  std::string bytes;  ///< remora.v1.Event
  /// What it tells of and what goes on, by an id: the last event of it is kept until it is `over`,
  /// for whoever begins anew after a crash (`ongoing`). Empty: nothing.
  std::string ongoing{};
  bool over{false};
};

/// What became of events that were handed to the spool.
struct Appended {
  /// So many, from the front, will survive a crash, all but `given_up`. With `Overflow::kWait` the
  /// rest should be handed over again when there is room.
  std::size_t taken{0};
  std::size_t given_up{0};
  std::string problem{};  ///< why not all: which file, what, what to do
};

/// Whether another process has the spool at `path` open.
[[nodiscard]] bool is_in_use(const std::string& path);

/// Keeps events until every output has them. All functions may be called by any thread.
class Spool {
 public:
  /// Opens the file or makes it; looks through all of it for damage. A damaged file is set aside
  /// under another name, and what could be read of it is taken over; `notice` says so. Fails when
  /// another process has it open, and where the file is something else than a spool.
  [[nodiscard]] static tl::expected<std::unique_ptr<Spool>, std::string> open(
      SpoolSettings settings, std::string& notice);

  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;
  Spool(Spool&&) = delete;
  Spool& operator=(Spool&&) = delete;
  ~Spool() = default;

  /// What it takes is on the disk when it returns. At best some hundred events at once: they share
  /// a transaction, or a few where they are large.
  [[nodiscard]] Appended append(std::span<const Spoolable> events);

  /// `output` has everything up to the event `number`. Never goes back. What every output has goes.
  void acknowledge(const std::string& output, std::uint64_t number);
  /// The last event that `output` has; 0 for none.
  [[nodiscard]] std::uint64_t acknowledged(const std::string& output) const;

  /// The last event of each thing that is not over, by id: after an opening, what an earlier run
  /// did not see the end of.
  [[nodiscard]] tl::expected<std::vector<std::string>, std::string> ongoing() const;
  /// From here on these are the outputs, as in SpoolSettings.
  void set_outputs(const std::vector<std::string>& outputs);

  /// The number of the last event; 0 where there was none yet.
  [[nodiscard]] std::uint64_t last() const;
  /// Every output has every event.
  [[nodiscard]] bool settled() const;
  /// Events that `output` still has to get, at most; the filters of outputs are not known here. 0
  /// of an output that there is not.
  [[nodiscard]] std::uint64_t waiting(const std::string& output) const;
  /// Of the file, without what is free in it.
  [[nodiscard]] std::uint64_t used_bytes() const;
  /// Events that were given up since the file was made, by kind; the last of them may be missing
  /// after a crash.
  [[nodiscard]] std::map<std::string, std::uint64_t> given_up() const;
  /// The last thing that went wrong with the file; empty when nothing did since it last went well.
  [[nodiscard]] std::string problem() const;

  /// Returns when there is an event after `number`, when `wake` is called, or after `patience`.
  void wait_for_more(std::uint64_t number, std::chrono::milliseconds patience);
  /// Returns when an output has acknowledged something, when `wake` is called, or after `patience`.
  void wait_for_room(std::chrono::milliseconds patience);
  /// Everybody who waits stops waiting, once.
  void wake();

  [[nodiscard]] const std::string& path() const { return settings_.path; }

 private:
  struct Statements;
  Spool(SpoolSettings settings, FileLock lock, Reserve reserve, std::uint64_t transaction_bytes,
        sqlite::Database database);
  [[nodiscard]] tl::expected<void, sqlite::Failure> prepare();
  [[nodiscard]] tl::expected<void, sqlite::Failure> load_cursors();
  [[nodiscard]] std::uint64_t used_bytes_locked() const;
  void append_some(std::span<const Spoolable> events, Appended& result);
  [[nodiscard]] tl::expected<void, sqlite::Failure> insert_what_fits(
      std::span<const Spoolable> events, std::vector<bool>& left_out);
  [[nodiscard]] tl::expected<void, sqlite::Failure> insert(std::span<const Spoolable> events,
                                                           const std::vector<bool>& left_out);
  [[nodiscard]] tl::expected<void, sqlite::Failure> keep_ongoing(std::span<const Spoolable> events,
                                                                 const std::vector<bool>& left_out);
  void end_given_up(std::span<const Spoolable> events, const std::vector<bool>& left_out);
  [[nodiscard]] tl::expected<void, sqlite::Failure> settle(const std::string& output);
  [[nodiscard]] tl::expected<void, sqlite::Failure> write_cursor(const std::string& output);
  [[nodiscard]] tl::expected<void, sqlite::Failure> trim();
  template <typename Write>
  [[nodiscard]] tl::expected<void, sqlite::Failure> in_loose_transaction(Write write);
  [[nodiscard]] bool shrink();
  [[nodiscard]] tl::expected<void, sqlite::Failure> write_given_up();
  [[nodiscard]] bool trim_some();
  [[nodiscard]] std::uint64_t everybody_has() const;

  SpoolSettings settings_;
  FileLock lock_;
  Reserve reserve_;
  std::uint64_t transaction_bytes_;  ///< of events in one transaction
  mutable std::mutex mutex_;         ///< guards everything below
  mutable sqlite::Database database_;
  struct Forget {
    void operator()(Statements* statements) const;
  };
  std::unique_ptr<Statements, Forget> statements_;
  mutable std::optional<Ongoing> ongoing_;  ///< always there once it is open
  std::map<std::string, std::uint64_t> cursors_;
  std::map<std::string, std::uint64_t> given_up_;
  bool given_up_changed_{false};
  std::uint64_t last_{0};
  std::uint64_t trimmed_{0};   ///< events up to this one are gone
  std::uint64_t trimming_{0};  ///< and up to this one once the transaction is through
  std::uint64_t wakes_{0};
  std::uint64_t acknowledgements_{0};
  std::string problem_;
  std::condition_variable more_;
  std::condition_variable room_;
};

}  // namespace remora::spool
