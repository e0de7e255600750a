#pragma once

#include <string>

#include <tl/expected.hpp>

namespace remora::sqlite {

/// Moves a database that is damaged, and its journals, to a name of its own beside it:
/// "spool.db.damaged", then "spool.db.damaged.2" and so on, so that nothing is overwritten. Gives
/// that name, or says why it could not.
[[nodiscard]] tl::expected<std::string, std::string> set_aside(const std::string& path);

}  // namespace remora::sqlite
