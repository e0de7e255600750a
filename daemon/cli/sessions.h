#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "daemon/store/query.h"

namespace remora::cli {

enum class SessionFormat : std::uint8_t { kTable, kJsonLines, kCsv };

struct SessionsOptions {
  std::string store{"/var/lib/remora/store.db"};
  store::SessionFilter filter;
  std::optional<SessionFormat> format;  ///< absent: table on a terminal, JSON lines otherwise
};

/// Lists the sessions of a store.
[[nodiscard]] int sessions(const SessionsOptions& options);

}  // namespace remora::cli
