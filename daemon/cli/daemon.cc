#include "daemon/cli/daemon.h"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <system_error>

#include <CLI/CLI.hpp>

#include "daemon/cli/messages.h"
#include "daemon/configuration/configuration.h"
#include "daemon/sensor/sensor.h"
#include "daemon/settings/default_configuration.h"
#include "daemon/shipper/shipper.h"
#include "daemon/supervisor/children.h"
#include "daemon/supervisor/supervisor.h"

namespace remora::cli {
namespace {

struct DaemonOptions {
  std::string config{"/etc/remora/remora.yaml"};
  bool allow_root{false};
  bool unconfined{false};
  bool print_default_config{false};
};

int run_daemon(const DaemonOptions& options) {
  if (options.print_default_config) {
    const auto text = settings::default_configuration();
    return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() &&
                   std::fflush(stdout) == 0
               ? 0
               : 1;
  }
  std::error_code error;
  const auto file = std::filesystem::absolute(options.config, error);
  const auto read = [file] {
    return configuration::read_file(file.string(), spool::Overflow::kGiveUpLeast);
  };
  auto source = read();
  if (!source.has_value()) {
    for (const auto& problem : source.error()) { tell_error(problem); }
    return 1;
  }
  if (source->configuration.capture.interfaces.empty()) {
    tell_error(file.string() +
               ": names no interface; capture.interfaces is wanted, and remora interfaces lists "
               "what there is");
    return 1;
  }
  return supervisor::run({.source = std::move(*source),
                          .read_again = read,
                          .confined = !options.unconfined,
                          .may_be_root = options.allow_root});
}

/// Whether a supervisor started this process; anybody else has no such sockets.
bool is_started_by_supervisor(const char* part) {
  for (const auto descriptor : {supervisor::kControlDescriptor, supervisor::kReportsDescriptor}) {
    int domain = 0;
    socklen_t size = sizeof domain;
    if (getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &domain, &size) != 0 || domain != AF_UNIX) {
      tell_error(std::string{part} + ": is a part of remora daemon, which starts it");
      return false;
    }
  }
  return true;
}

}  // namespace

void add_daemon(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<DaemonOptions>();
  auto* command = app.add_subcommand(
      "daemon", "Capture live and ship events until told to stop (docs/daemon.md)");
  command->add_option("--config", options->config, "The configuration")
      ->capture_default_str()
      ->type_name("FILE");
  command->add_flag("--print-default-config", options->print_default_config,
                    "Print a configuration with every option and its default, and do no more");
  command->add_flag("--allow-root", options->allow_root,
                    "Stay root where it is started as root, instead of becoming the user that the "
                    "configuration names");
  command->add_flag("--unconfined", options->unconfined,
                    "Give up no rights: for systems that lack what confining takes. Whoever finds "
                    "a fault in a parser then has them too");
  command->callback([options, &exit_code] { exit_code = run_daemon(*options); });
  // The parts, which nobody else starts.
  constexpr int kBadUsage = 2;
  using processes::Descriptor;
  auto unconfined = std::make_shared<bool>(false);
  auto* sensor = app.add_subcommand("sensor", "A part of the daemon, which starts it");
  sensor->group("");
  sensor->add_flag("--unconfined", *unconfined, "Give up no rights");
  sensor->callback([unconfined, &exit_code] {
    (void)prctl(PR_SET_NAME, "remora-sensor");
    exit_code = is_started_by_supervisor("sensor")
                    ? sensor::run(Descriptor{supervisor::kControlDescriptor},
                                  Descriptor{supervisor::kReportsDescriptor}, !*unconfined)
                    : kBadUsage;
  });
  auto* shipper = app.add_subcommand("shipper", "A part of the daemon, which starts it");
  shipper->group("");
  shipper->callback([&exit_code] {
    (void)prctl(PR_SET_NAME, "remora-shipper");
    exit_code = is_started_by_supervisor("shipper")
                    ? shipper::run(Descriptor{supervisor::kControlDescriptor},
                                   Descriptor{supervisor::kReportsDescriptor})
                    : kBadUsage;
  });
}

}  // namespace remora::cli
