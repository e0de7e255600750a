#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "capture/base/bytes.h"
#include "dissect/conversation/extent.h"

/// Lines of the control connection, RFC 959 4 and 5.3: commands of the client, replies of the
/// server.
namespace remora::ftp {

/// LIMIT: of one line.
inline constexpr std::size_t kMaxLineBytes = 4096;

/// Where the line ends: behind CR LF, or LF alone.
[[nodiscard]] Extent measure_line(ByteView bytes);

struct Command {
  std::string verb{};           ///< upper case: "RETR"
  std::string_view argument{};  ///< borrowed from the line
};
/// Empty when the line is no command: three or four letters, then a space or nothing. Telnet
/// controls before an urgent ABOR are passed over.
[[nodiscard]] std::optional<Command> read_command(std::string_view line);

struct Reply {
  std::uint16_t code{0};    ///< 100 to 599
  bool has_more{false};     ///< "220-": the same code comes again behind further lines
  std::string_view text{};  ///< borrowed from the line
};
[[nodiscard]] std::optional<Reply> read_reply(std::string_view line);

}  // namespace remora::ftp
