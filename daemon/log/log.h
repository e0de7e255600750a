#pragma once

#include <string>

#include "daemon/log/line.h"
#include "daemon/log/record.h"

namespace remora::log {

struct Settings {
  Level level{Level::kInfo};  ///< what is less is not written
  Format format{Format::kText};
};

/// Says who speaks ("sensor") and to whom: first thing in a process. Until then it is "remora", to
/// anybody.
void start(const std::string& process, Reader reader, Settings settings);
/// At a reload; from any thread, as are all of these.
void set(Settings settings);

/// Writes one line on standard error. The same text is written 10 times a minute at most. No text
/// and no field is a secret, or something that a user of the network said.
void debug(Literal text, Fields fields = {});
void info(Literal text, Fields fields = {});
void warning(Literal text, Fields fields = {});
void error(Literal text, Fields fields = {});

/// Says of texts that were written too often how many lines were left out, once their minute is
/// over. Each of the calls above does that too; a timer has it said where nothing else is.
void tell_left_out();

}  // namespace remora::log
