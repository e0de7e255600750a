#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "daemon/sqlite/database.h"
#include "daemon/store/retention.h"
#include "remora/v1/event.pb.h"

namespace remora::store {

/// An event to be kept, borrowed during `Store::add`.
struct Entry {
  const v1::Event* event;
  std::string_view bytes;  ///< the event serialized
};

struct StoreOptions {
  Retention retention{};
  /// What `add` was told survives a loss of power. Without it the last batches may be missing then,
  /// never half of one; a program that dies loses nothing either way.
  bool durable{true};
};

/// Events and what they add up to, in an SQLite file (docs/store.md). Any number of processes may
/// read it meanwhile, one writes.
class Store {
 public:
  /// Makes the file where there is none, and brings tables of earlier versions to this one. Reads
  /// the whole file to see whether it is damaged; a damaged one is renamed, and begun anew: see
  /// `notice`. A file that is not a store is left alone. Fails with a text that says what and
  /// where.
  [[nodiscard]] static tl::expected<Store, std::string> open(const std::string& path,
                                                             const StoreOptions& options);
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  ~Store();

  /// What became of a damaged file, for the operator; empty otherwise.
  [[nodiscard]] const std::string& notice() const;

  /// Keeps all of `entries` or, when it fails, none. Those whose `event_id` is there already are
  /// passed over. Returns how many were not.
  [[nodiscard]] tl::expected<std::size_t, sqlite::Failure> add(std::span<const Entry> entries);

  /// Removes some of what exceeds the retention: call it after each `add`. Returns whether there
  /// may be more. `now`: nanoseconds since 1970.
  [[nodiscard]] tl::expected<bool, sqlite::Failure> trim(std::int64_t now);

 private:
  struct Parts;
  explicit Store(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

/// Opens a store to read it. It is neither made, nor updated, nor checked as a whole.
[[nodiscard]] tl::expected<sqlite::Database, std::string> open_to_read(const std::string& path);

}  // namespace remora::store
