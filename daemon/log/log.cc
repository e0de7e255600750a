#include "daemon/log/log.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <utility>

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "daemon/log/rate_limit.h"

namespace remora::log {
namespace {

/// The process's one.
class Log {
 public:
  Log() { logger_.set_pattern("%v"); }

  void start(const std::string& process, Reader reader, Settings settings) {
    const std::lock_guard held{mutex_};
    process_ = process;
    reader_ = reader;
    settings_ = settings;
    least_ = settings.level;
  }
  void set(Settings settings) {
    const std::lock_guard held{mutex_};
    settings_ = settings;
    least_ = settings.level;
  }

  void say(Level level, Literal text, Fields fields) {
    if (level < least_) { return; }
    const auto now = std::chrono::steady_clock::now();
    const std::lock_guard held{mutex_};
    tell_left_out(now);
    if (limit_.allows(text, level, now)) { write(level, text, fields); }
  }
  void tell_left_out() {
    const std::lock_guard held{mutex_};
    tell_left_out(std::chrono::steady_clock::now());
  }

 private:
  void tell_left_out(RateLimit::Time now) {
    for (const auto& [text, level, times] : limit_.over(now)) {
      write(level, "lines were left out", {{"text", text.text()}, {"lines", times}});
    }
  }
  void write(Level level, Literal text, Fields fields) {
    const Record record{.time = std::chrono::system_clock::now(),
                        .level = level,
                        .process = process_,
                        .text = text.text(),
                        .fields = fields};
    // The level was looked at, and stands in the line: spdlog writes whole lines, safely.
    logger_.log(spdlog::level::info,
                spdlog::string_view_t{to_line(record, settings_.format, reader_)});
  }

  std::mutex mutex_;
  std::atomic<Level> least_{Settings{}.level};
  std::string process_{"remora"};
  Reader reader_{Reader::kAnybody};
  Settings settings_{};
  RateLimit limit_;
  spdlog::logger logger_{"remora", std::make_shared<spdlog::sinks::stderr_sink_st>()};
};

[[nodiscard]] Log& instance() {
  // Never ends: threads may log while the process does.
  static auto& log = *new Log;  // NOLINT(*-avoid-non-const-global-variables): one of the process
  return log;
}

}  // namespace

void start(const std::string& process, Reader reader, Settings settings) {
  instance().start(process, reader, settings);
}
void set(Settings settings) {
  instance().set(settings);
}

void debug(Literal text, Fields fields) {
  instance().say(Level::kDebug, text, fields);
}
void info(Literal text, Fields fields) {
  instance().say(Level::kInfo, text, fields);
}
void warning(Literal text, Fields fields) {
  instance().say(Level::kWarning, text, fields);
}
void error(Literal text, Fields fields) {
  instance().say(Level::kError, text, fields);
}

void tell_left_out() {
  instance().tell_left_out();
}

}  // namespace remora::log
