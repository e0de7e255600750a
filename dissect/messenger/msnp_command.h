#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "capture/base/bytes.h"
#include "dissect/conversation/extent.h"
#include "dissect/conversation/family.h"

namespace remora::messenger {

/// LIMIT: of a command's line; names and addresses in it are escaped, and at most a few hundred
/// characters.
inline constexpr std::size_t kMaxMsnpLine = 4096;

/// One command of MSNP: three letters, words, CR LF, and with some commands a payload.
struct MsnpCommand {
  std::size_t line_bytes{0};       ///< with its end
  std::uint64_t payload_bytes{0};  ///< behind the line
  bool is_message{false};          ///< MSG
  bool passed_on{false};           ///< by the server, from somebody else
  std::string own_account{};       ///< of USR and ANS: who logs on here; UTF-8, as the next ones
  std::string joined{};            ///< of JOI and IRO: who takes part
  std::string left{};              ///< of BYE: who does no more
  std::string sender{};            ///< of MSG that is passed on; empty where it is no account
};

/// Whether a conversation begins as those with a notification server or a switchboard do: VER, or
/// USR and ANS with an account, or MSG.
[[nodiscard]] Verdict recognise_msnp(ByteView first_bytes);

/// Where the line at the start of `bytes` ends. Lost when it is no command.
[[nodiscard]] Extent measure_msnp_line(ByteView bytes);

/// A whole line, as measured.
[[nodiscard]] MsnpCommand read_msnp_line(ByteView line);

}  // namespace remora::messenger
