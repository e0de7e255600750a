#include "daemon/cli/configuration.h"

#include <cstdio>
#include <utility>

#include "daemon/cli/messages.h"

namespace remora::cli {

std::optional<configuration::Configuration> read_configuration(const std::string& file,
                                                               spool::Overflow overflow) {
  auto read = configuration::read_file(file, overflow);
  if (read.has_value()) { return std::move(read->configuration); }
  for (const auto& problem : read.error()) { tell_error(problem); }
  return std::nullopt;
}

int check_config(const std::string& file) {
  const auto configuration = read_configuration(file, spool::Overflow::kGiveUpLeast);
  if (!configuration.has_value()) { return 1; }
  (void)std::printf("%s: in order, %zu outputs\n", file.c_str(),
                    configuration->routes.destinations.size());
  return 0;
}

}  // namespace remora::cli
