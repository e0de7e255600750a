#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "daemon/sqlite/database.h"
#include "daemon/sqlite/statement.h"

namespace remora::spool {

/// An event as it was spooled.
struct Spooled {
  std::uint64_t number;  ///< grows by one with every event; gaps are possible
  std::string bytes;     ///< remora.v1.Event
};

/// Reads a spool that is open elsewhere in this process; used by one thread at a time.
class SpoolReader {
 public:
  [[nodiscard]] static tl::expected<SpoolReader, std::string> open(const std::string& path);

  /// The events after number `after`, in order; at most `max_events`, and at most `max_bytes`
  /// together, but for the first where `at_least_one` is wanted.
  [[nodiscard]] tl::expected<std::vector<Spooled>, std::string> read(std::uint64_t after,
                                                                     std::size_t max_events,
                                                                     std::size_t max_bytes,
                                                                     bool at_least_one);

 private:
  SpoolReader(sqlite::Database database, sqlite::Statement select)
      : database_{std::move(database)}, select_{std::move(select)} {}
  sqlite::Database database_;
  sqlite::Statement select_;
};

}  // namespace remora::spool
