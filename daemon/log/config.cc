#include "daemon/log/config.h"

namespace remora::log {

Settings read_log(config::Map& map) {
  Settings settings;
  auto block = map.map("log");
  settings.level = block.word<Level>("level",
                                     {{"debug", Level::kDebug},
                                      {"info", Level::kInfo},
                                      {"warning", Level::kWarning},
                                      {"error", Level::kError}},
                                     settings.level);
  settings.format = block.word<Format>("format", {{"text", Format::kText}, {"json", Format::kJson}},
                                       settings.format);
  block.done();
  return settings;
}

}  // namespace remora::log
