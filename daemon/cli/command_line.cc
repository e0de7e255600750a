#include "daemon/cli/command_line.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "daemon/cli/collect.h"
#include "daemon/cli/configuration.h"
#include "daemon/cli/daemon.h"
#include "daemon/cli/decode.h"
#include "daemon/cli/interfaces.h"
#include "daemon/cli/key_files.h"
#include "daemon/cli/messages.h"
#include "daemon/cli/replay.h"
#include "daemon/cli/sessions_options.h"
#include "daemon/cli/version.h"
#include "daemon/secrets/secret_memory.h"

namespace remora::cli {
namespace {

constexpr int kBadUsage = 2;

const std::map<std::string, outputs::Format> kFormats{{"table", outputs::Format::kTable},
                                                      {"jsonl", outputs::Format::kJsonLines},
                                                      {"protobuf", outputs::Format::kProtobuf}};
const std::map<std::string, pipeline::Checksums> kChecksums{
    {"auto", pipeline::Checksums::kAuto},
    {"verify", pipeline::Checksums::kVerify},
    {"ignore", pipeline::Checksums::kIgnore}};
const std::map<std::string, ProgressMode> kModes{{"auto", ProgressMode::kAuto},
                                                 {"always", ProgressMode::kAlways},
                                                 {"never", ProgressMode::kNever}};
const std::map<std::string, FollowKeyLogs> kFollowing{{"auto", FollowKeyLogs::kAuto},
                                                      {"always", FollowKeyLogs::kAlways},
                                                      {"never", FollowKeyLogs::kNever}};

/// A check whose words the help text does not repeat: the option's description has them.
template <typename Value>
CLI::Validator one_of(const std::map<std::string, Value>& words) {
  return {[&words](std::string& word) {
            if (words.contains(word)) { return std::string{}; }
            std::string known;
            for (const auto& [name, value] : words) { known += (known.empty() ? "" : ", ") + name; }
            return '\'' + word + "' is not one of " + known;
          },
          ""};
}

/// Passwords are in the process's arguments, where other users see them; hence the file.
void add_ticket_options(CLI::App& command, Context& context) {
  command
      .add_option_function<std::vector<std::string>>(
          "--ticket-password",
          [&context](const std::vector<std::string>& passwords) {
            for (const auto& password : passwords) {
              if (!context.keys.add_ticket_password(password)) {
                throw CLI::ValidationError{"--ticket-password",
                                           "is empty, or there are too many of them"};
              }
            }
          },
          "Open tickets that this password fits; may be given again. Other users of this machine "
          "can see it: better use the next")
      ->allow_extra_args(false)
      ->type_name("TEXT");
  command
      .add_option_function<std::vector<std::string>>(
          "--ticket-password-file",
          [&context](const std::vector<std::string>& files) {
            for (const auto& file : files) {
              if (!add_ticket_passwords(file, context.keys)) { throw CLI::RuntimeError{1}; }
            }
          },
          "The same, one password a line")
      ->allow_extra_args(false)
      ->type_name("FILE");
  command.add_flag("--scan-streams", context.scan_streams,
                   "Look for tickets in every TCP stream, also of unknown protocols");
  command.add_flag("--open-easy-connect", context.open_easy_connect,
                   "Open what Easy Connect publishes, with the name that travels beside it");
}

/// Files that are read before the first packet. A key log that cannot be read ends the run: what
/// was asked for could not be done.
void add_key_options(CLI::App& command, ReplayOptions& options) {
  command
      .add_option("--tls-keylog", options.key_logs,
                  "Open TLS connections with the secrets of this key log (SSLKEYLOGFILE); may be "
                  "given again. What a pcapng file itself brings is used besides")
      ->allow_extra_args(false)
      ->type_name("FILE");
  command
      .add_option_function<std::string>(
          "--follow-keylogs",
          [&options](const std::string& word) { options.follow_key_logs = kFollowing.at(word); },
          "Read on in --tls-keylog files while they grow, and let connections wait for their "
          "secrets: auto (where the standard input is read), always or never (default: auto)")
      ->check(one_of(kFollowing))
      ->type_name("WHEN");
  command
      .add_option(
          "--rsa-key", options.rsa_keys,
          "Open what was sealed for this server key: Standard RDP Security, TLS with RSA key "
          "exchange. PEM, DER, the Windows LSA secret (RSA2) or xrdp's rsakeys.ini; may be "
          "given again")
      ->allow_extra_args(false)
      ->type_name("FILE");
  command.add_flag("--ignore-embedded-keys", options.ignore_embedded_keys,
                   "Do not use the secrets that a pcapng file brings itself");
  command
      .add_option("--rsa-key-passphrase-file", options.rsa_passphrase_file,
                  "The first line of this file opens encrypted --rsa-key files")
      ->type_name("FILE");
}

void add_replay(CLI::App& app, ReplayOptions& options, int& exit_code) {
  auto* command = app.add_subcommand(
      "replay", "Read pcap or pcapng files (plain, .gz, .zst) and write the events found in them");
  command->add_option("FILE", options.files, "Captures; - is the standard input")->required();
  command
      ->add_option_function<std::string>(
          "--format", [&options](const std::string& word) { options.format = kFormats.at(word); },
          "table, jsonl or protobuf (default: table on a terminal, else jsonl)")
      ->check(one_of(kFormats))
      ->type_name("FORMAT");
  command
      ->add_option("--output", options.output, "Write the events here (default: standard output)")
      ->type_name("PATH");
  command
      ->add_option("--config", options.config,
                   "Send the events to the outputs of this configuration (docs/outputs.md); they "
                   "are written here only if --format or --output says so")
      ->type_name("FILE");
  command
      ->add_option("--store", options.store,
                   "Also keep the events in this store, for remora sessions; those that it has "
                   "already are not kept twice")
      ->type_name("FILE");
  command->add_option("--bpf", options.bpf, "Read only frames that match this pcap-filter(7)")
      ->type_name("EXPR");
  command
      ->add_option("--threads", options.threads,
                   "Threads that analyse; the output does not depend on it")
      ->check(CLI::Range(1U, 1024U))
      ->type_name("N");
  command
      ->add_option_function<std::string>(
          "--checksums",
          [&options](const std::string& word) { options.checksums = kChecksums.at(word); },
          "Pass over TCP segments with a wrong checksum: auto (where the sender's were right "
          "before), verify (always) or ignore (default: auto)")
      ->check(one_of(kChecksums))
      ->type_name("MODE");
  command
      ->add_option("--flow-memory", options.memory_mib,
                   "Memory for flows and their streams; beyond it the least important flows go. An "
                   "eighth as much again is for the names of addresses")
      ->check(CLI::Range(std::size_t{16}, std::size_t{1} << 20U))
      ->capture_default_str()
      ->type_name("MIB");
  command->add_option("--stats", options.stats, "Write counters of the run here, as JSON")
      ->type_name("FILE");
  command
      ->add_option_function<std::string>(
          "--progress", [&options](const std::string& word) { options.progress = kModes.at(word); },
          "auto, always or never (default: auto)")
      ->check(one_of(kModes))
      ->type_name("WHEN");
  add_ticket_options(*command, options.context);
  add_key_options(*command, options);
  command->callback([&options, &exit_code] { exit_code = replay(options); });
}

void add_decode(CLI::App& app, std::string& file, int& exit_code) {
  auto* command =
      app.add_subcommand("decode", "Print a length-delimited protobuf event stream as JSON lines");
  command->add_option("FILE", file, "The stream; - is the standard input")->required();
  command->callback([&file, &exit_code] { exit_code = decode(file); });
}

void add_check_config(CLI::App& app, std::string& file, int& exit_code) {
  auto* command = app.add_subcommand("check-config", "Say what is wrong with a configuration file");
  command->add_option("FILE", file, "The file")->required();
  command->callback([&file, &exit_code] { exit_code = check_config(file); });
}

}  // namespace

int run(int argc, const char* const* argv) {
  // A reader that goes away is told as a write that fails, not as a signal.
  (void)std::signal(SIGPIPE, SIG_IGN);
  const bool locked = secrets::guard_secret_memory();

  CLI::App app{"Remora tells who remotely controlled which machine, from the network alone."};
  app.name("remora");
  app.require_subcommand(1);
  int exit_code = 0;
  ReplayOptions replay_options;
  replay_options.memory_locked = locked;
  std::string decode_file;
  add_replay(app, replay_options, exit_code);
  add_decode(app, decode_file, exit_code);
  std::string config_file;
  add_check_config(app, config_file, exit_code);
  add_collect(app, exit_code);
  add_daemon(app, exit_code);
  SessionsOptions sessions_options;
  add_sessions(app, sessions_options, exit_code);
  app.add_subcommand("interfaces", "List the interfaces that can be captured on")
      ->callback([&exit_code] { exit_code = interfaces(); });
  app.add_subcommand("version", "Print the version")->callback([&exit_code] {
    exit_code = version();
  });
  if (argc < 2) {
    (void)std::fputs(app.help().c_str(), stderr);
    return kBadUsage;
  }
  const std::string first = argv[1];
  const auto commands = app.get_subcommands([](CLI::App*) { return true; });
  const bool known = std::ranges::any_of(
      commands, [&](const CLI::App* command) { return command->check_name(first); });
  if (!first.starts_with('-') && !known) {
    tell_error("unknown command '" + first + "'; remora --help lists the commands");
    return kBadUsage;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::RuntimeError& told) {
    return told.get_exit_code();
  } catch (const CLI::ParseError& error) { return app.exit(error) == 0 ? 0 : kBadUsage; }
  return exit_code;
}

}  // namespace remora::cli
