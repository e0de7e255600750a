#include "dissect/assistance/command.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <vector>

#include "dissect/assistance/attributes.h"

namespace remora::assistance {
namespace {

using observation::AssistanceCommand;
using Kind = AssistanceCommand::Kind;

/// LIMIT: addresses in one command.
constexpr std::size_t kMaxAddresses = 16;

struct Word {
  std::string_view name;
  Kind kind;
};
constexpr std::array kWords{
    Word{"REMOTECTRLSTART", Kind::kControlAsked},
    Word{"ACCEPTRC", Kind::kControlGranted},
    Word{"REJECTRC", Kind::kControlRefused},
    Word{"DENIEDRC", Kind::kControlForbidden},
    Word{"TAKECONTROL", Kind::kControlTaken},
    Word{"ESCRC", Kind::kControlEscaped},
    Word{"REMOTECTRLEND", Kind::kControlEnded},
    Word{"ABORTRC", Kind::kControlAborted},
    Word{"FILEXFER", Kind::kFileOffered},
    Word{"EXPERTIP", Kind::kExpertAddress},
    Word{"VOIPGO", Kind::kVoice},
};

/// SPEC: the text prints "DENIEDRC " with a blank behind it.
std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) { return {}; }
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::optional<std::uint64_t> to_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (text.empty() || error != std::errc{} || stop != end) { return std::nullopt; }
  return number;
}

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> items;
  while (!list.empty() && items.size() < kMaxAddresses) {
    const auto end = std::min(list.find_first_of(",;"), list.size());
    if (const auto item = trimmed(list.substr(0, end)); !item.empty()) { items.emplace_back(item); }
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return items;
}

}  // namespace

std::optional<AssistanceCommand> to_command(std::string_view text) {
  const auto element = read_element(text);
  if (!element.has_value() || element->name != "RCCOMMAND") { return std::nullopt; }
  const auto name = trimmed(element->attribute("NAME"));
  const auto* const word = std::ranges::find(kWords, name, &Word::name);
  AssistanceCommand command{.kind = word == kWords.end() ? Kind::kOther : word->kind};
  if (command.kind == Kind::kFileOffered) {
    command.file_name = element->attribute("FILENAME");
    command.file_size = to_number(trimmed(element->attribute("FILESIZE")));
    command.channel = element->attribute("CHANNELID");
    const auto internal = trimmed(element->attribute("INTERNALDATA"));
    command.internal = !internal.empty() && internal != "0";
  } else if (command.kind == Kind::kExpertAddress) {
    command.addresses = split(element->attribute("EXPERTIPDATA"));
  } else if (command.kind == Kind::kVoice) {
    command.addresses = split(element->attribute("VOIPIPLIST"));
  }
  return command;
}

}  // namespace remora::assistance
