#include "daemon/cli/collect.h"

#include <cstdio>
#include <map>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "daemon/cli/messages.h"
#include "daemon/collect/collector.h"

namespace remora::cli {
namespace {

struct CollectOptions {
  std::string listen;
  std::string format{"protobuf"};
  unsigned idle_seconds{600};
  collect::Options collector;
};

[[nodiscard]] int run_collector(CollectOptions& options) {
  auto address = net::Address::parse(options.listen);
  if (!address.has_value()) {
    tell_error("--listen: " + address.error());
    return 2;
  }
  auto& collector_options = options.collector;
  collector_options.listen = std::move(*address);
  collector_options.format =
      options.format == "jsonl" ? event_file::Format::kJsonLines : event_file::Format::kProtobuf;
  collector_options.patience.idle = std::chrono::seconds{options.idle_seconds};
  auto collector = collect::Collector::open(collector_options, tell_warning);
  if (!collector.has_value()) {
    tell_error(collector.error());
    return 1;
  }
  // For who asked for port 0; a line of its own form, not a message.
  (void)std::fprintf(stderr, "listening on port %u\n", static_cast<unsigned>(collector->port()));
  const auto ended = collector->run();
  if (ended.has_value()) { return 0; }
  tell_error(ended.error());
  return 1;
}

}  // namespace

void add_collect(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand(
      "collect",
      "Take events of sensors over TCP or TLS, and acknowledge them when they are stored");
  const auto options = std::make_shared<CollectOptions>();
  auto& collector = options->collector;
  command->add_option("--listen", options->listen, "Address and port; port 0: any that is free")
      ->required()
      ->type_name("HOST:PORT");
  command
      ->add_option("--output", collector.output,
                   "Store the events here; in a folder as events.pb or events.jsonl")
      ->required()
      ->type_name("PATH");
  command
      ->add_option("--format", options->format,
                   "protobuf, which remora decode reads, or jsonl (default: protobuf)")
      ->check(CLI::IsMember({"protobuf", "jsonl"}))
      ->type_name("FORMAT");
  auto* certificate = command
                          ->add_option("--tls-certificate", collector.certificate_file,
                                       "Take TLS alone, with this certificate and its chain, PEM")
                          ->type_name("FILE");
  command
      ->add_option("--tls-key", collector.key_file,
                   "Its key, PEM (default: in the certificate's file)")
      ->needs(certificate)
      ->type_name("FILE");
  command
      ->add_option("--tls-client-ca", collector.client_ca_file,
                   "Take clients alone whose certificate this authority signed, PEM")
      ->needs(certificate)
      ->type_name("FILE");
  command->add_option("--max-clients", collector.max_clients, "Connections at once")
      ->check(CLI::Range(1U, 10000U))
      ->capture_default_str()
      ->type_name("N");
  command
      ->add_option("--idle-timeout", options->idle_seconds,
                   "Close a connection that brings no event for so long")
      ->check(CLI::Range(1U, 86400U))
      ->capture_default_str()
      ->type_name("SECONDS");
  command->callback([options, &exit_code] { exit_code = run_collector(*options); });
}

}  // namespace remora::cli
