#include "daemon/cli/sessions_options.h"

#include <chrono>
#include <map>

#include "daemon/cli/point_in_time.h"

namespace remora::cli {
namespace {

const std::map<std::string, SessionFormat> kFormats{{"csv", SessionFormat::kCsv},
                                                    {"jsonl", SessionFormat::kJsonLines},
                                                    {"table", SessionFormat::kTable}};
const std::map<std::string, v1::Session::Kind> kKinds{
    {"RDP", v1::Session::RDP}, {"REMOTE_ASSISTANCE", v1::Session::REMOTE_ASSISTANCE}};

template <typename Value>
void add_word(CLI::App& command, const std::string& option, const std::string& description,
              const std::map<std::string, Value>& words, std::optional<Value>& to) {
  command
      .add_option_function<std::string>(
          option,
          [option, &words, &to](const std::string& word) {
            const auto found = words.find(word);
            if (found != words.end()) {
              to = found->second;
              return;
            }
            std::string known;
            for (const auto& [name, value] : words) { known += (known.empty() ? "" : ", ") + name; }
            throw CLI::ValidationError{option, '\'' + word + "' is not one of " + known};
          },
          description)
      ->type_name("WORD");
}

void add_time(CLI::App& command, const std::string& option, const std::string& description,
              std::optional<std::int64_t>& to) {
  command
      .add_option_function<std::string>(
          option,
          [option, &to](const std::string& text) {
            const auto now = std::chrono::duration_cast<std::chrono::nanoseconds>(
                std::chrono::system_clock::now().time_since_epoch());
            to = read_point_in_time(text, now.count());
            if (!to.has_value()) {
              throw CLI::ValidationError{
                  option, '\'' + text +
                              "' is no time; write 2026-11-29T10:15:00Z, 2026-11-29, or how "
                              "long ago: 90s, 30m, 24h, 7d, 2w"};
            }
          },
          description)
      ->type_name("TIME");
}

}  // namespace

void add_sessions(CLI::App& app, SessionsOptions& options, int& exit_code) {
  auto* command =
      app.add_subcommand("sessions", "List the sessions that a store has, those opened last first");
  auto& filter = options.filter;
  command->add_option("--store", options.store, "The store")
      ->capture_default_str()
      ->type_name("FILE");
  command
      ->add_option(
          "--user", filter.user,
          "Only of this account: NAME, DOMAIN\\NAME or NAME@DOMAIN; capitals do not matter")
      ->type_name("ACCOUNT");
  command
      ->add_option("--host", filter.host,
                   "Only with this address or name at either end, or on the path")
      ->type_name("HOST");
  add_time(*command, "--since",
           "Only what was still open at this time, or opened later: RFC 3339, a day (UTC), or how "
           "long ago, such as 24h or 7d",
           filter.since);
  add_time(*command, "--until", "Only what was opened before this time", filter.until);
  add_word(*command, "--kind", "RDP or REMOTE_ASSISTANCE", kKinds, filter.kind);
  command
      ->add_option_function<std::uint64_t>(
          "--limit", [&filter](const std::uint64_t& most) { filter.limit = most; },
          "No more than so many")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  command->add_flag("--oldest-first", filter.oldest_first, "Those opened first first");
  add_word(*command, "--format", "table, jsonl or csv (default: table on a terminal, else jsonl)",
           kFormats, options.format);
  command->callback([&options, &exit_code] { exit_code = sessions(options); });
}

}  // namespace remora::cli
