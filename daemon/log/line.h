#pragma once

#include <string>

#include "daemon/log/record.h"

namespace remora::log {

/// Who reads the lines.
enum class Reader : std::uint8_t {
  kAnybody,  ///< a terminal, a file: lines have their time
  kJournal,  ///< systemd's journal: lines begin with "<N>", their priority (sd-daemon(3)), and the
             ///< journal has the time
};

/// "2026-11-30T08:31:06.123Z warning sensor: interface is gone interface=eth0", or the same as an
/// object of JSON; without an end of line, and nothing in it but printable ASCII. LIMIT: 512 bytes
/// of a value; a longer one is cut, and ends in "...".
[[nodiscard]] std::string to_line(const Record& record, Format format, Reader reader);

}  // namespace remora::log
