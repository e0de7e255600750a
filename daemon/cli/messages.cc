#include "daemon/cli/messages.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace remora::cli {
namespace {

spdlog::logger& log() {
  static const auto instance = [] {
    auto logger = spdlog::stderr_color_st("remora");
    logger->set_pattern("%n: %^%l%$: %v");
    return logger;
  }();
  return *instance;
}

}  // namespace

void tell_error(const std::string& text) {
  log().error("{}", text);
}
void tell_warning(const std::string& text) {
  log().warn("{}", text);
}

}  // namespace remora::cli
