#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "daemon/sqlite/database.h"
#include "remora/v1/session.pb.h"

namespace remora::store {

/// Which sessions are wanted; what is empty or absent does not matter. Capital letters do not
/// matter either.
struct SessionFilter {
  /// An account name, "DOMAIN\name" or "name@domain", as any source of the session told it.
  std::string user{};
  /// An address or a name of either end, or of anything on the path. A name without dots also
  /// stands for the names that begin with it and a dot.
  std::string host{};
  /// Sessions that were open at some time from `since` to before `until`; nanoseconds since 1970.
  std::optional<std::int64_t> since{};
  std::optional<std::int64_t> until{};
  std::optional<v1::Session::Kind> kind{};
  /// At most so many.
  std::optional<std::uint64_t> limit{};
  bool oldest_first{false};
};

/// Takes a session; false: no more are wanted.
using SessionTaker = std::function<bool(const v1::Session&)>;

/// Hands the sessions that `filter` describes to `take`, by the time at which they were opened, the
/// newest first unless it says otherwise. Returns how many were passed over because what is stored
/// of them cannot be read.
[[nodiscard]] tl::expected<std::uint64_t, sqlite::Failure> read_sessions(
    sqlite::Database& database, const SessionFilter& filter, const SessionTaker& take);

}  // namespace remora::store
