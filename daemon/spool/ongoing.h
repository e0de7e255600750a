#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "daemon/sqlite/database.h"

namespace remora::spool {

/// LIMIT: what goes on beyond so many is not kept.
inline constexpr std::size_t kMaxOngoing = 50'000;

/// The table of what goes on: of each thing that is not over, by its id, the last event. It is
/// written in the transactions of whoever writes the events.
///
/// State: how full the table is.
class Ongoing {
 public:
  /// LIMIT: `max_bytes`, of the events in the table. Must not outlive `database`.
  [[nodiscard]] static tl::expected<Ongoing, sqlite::Failure> open(sqlite::Database& database,
                                                                   std::uint64_t max_bytes);

  /// In the place of what was kept of `id`. Where there is no room, nothing is.
  [[nodiscard]] tl::expected<void, sqlite::Failure> keep(std::string_view id,
                                                         std::string_view bytes);
  /// It is over.
  [[nodiscard]] tl::expected<void, sqlite::Failure> drop(std::string_view id);
  /// The events, in the order of their ids.
  [[nodiscard]] tl::expected<std::vector<std::string>, sqlite::Failure> all();

  /// How full the table is; to be given back where the transaction fails that changed it.
  struct Fill {
    std::size_t rows{0};
    std::uint64_t bytes{0};
  };
  [[nodiscard]] Fill fill() const { return fill_; }
  void restore(Fill fill) { fill_ = fill; }

 private:
  Ongoing(sqlite::Statement set, sqlite::Statement drop, sqlite::Statement select, Fill fill,
          std::uint64_t max_bytes);

  sqlite::Statement set_;
  sqlite::Statement drop_;
  sqlite::Statement select_;
  Fill fill_;
  std::uint64_t max_bytes_;
};

}  // namespace remora::spool
