#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include <tl/expected.hpp>

#include "daemon/store/row.h"

namespace remora::store {

/// How much is kept. What is not set has no limit.
struct Retention {
  std::optional<std::chrono::nanoseconds> age{};  ///< by capture time
  std::optional<std::uint64_t> max_bytes{};       ///< of the file, its journal not counted
};

/// Removes what is old: whole sessions with all that belongs to them, and what belongs to none.
class Trimmer {
 public:
  explicit Trimmer(Series& series);

  /// Removes 100 sessions and 1,000 events at most, in a transaction of its own. False: nothing was
  /// left to remove. `now`, in nanoseconds since 1970, bounds what counts as the newest event, so
  /// that a capture from the future does not make everything old.
  [[nodiscard]] tl::expected<bool, sqlite::Failure> step(sqlite::Database& database,
                                                         const Retention& retention,
                                                         std::int64_t now);

 private:
  [[nodiscard]] bool remove(sqlite::Database& database, Series& series, const Retention& retention,
                            std::int64_t now);
  [[nodiscard]] bool remove_oldest(Series& series);
  [[nodiscard]] bool remove_before(std::int64_t time, Series& series);
  [[nodiscard]] std::vector<std::string> sessions_before(std::int64_t time, Series& series);

  sqlite::Statement newest_;
  sqlite::Statement nth_oldest_;
  sqlite::Statement old_sessions_;
  std::vector<sqlite::Statement> with_session_;
  std::vector<sqlite::Statement> without_session_;
};

}  // namespace remora::store
