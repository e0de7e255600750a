#include "dissect/ticket/connection_string1.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "dissect/ticket/addresses.h"

namespace remora::ticket {
namespace {

constexpr std::size_t kFields = 8;
/// 0x00010002, and the only protocolType there is.
constexpr std::string_view kVersion{"65538"};
constexpr std::string_view kType{"1"};
constexpr std::string_view kPlaceholder{"*"};

/// By its place in the string.
enum Field : std::size_t {
  kProtocolVersion,
  kProtocolType,
  kMachineAddressList,
  kAssistantAccountPwd,
  kRaSessionId,
  kRaSessionName,
  kRaSessionPwd,
  kProtocolSpecificParms
};

using Fields = std::array<std::string_view, kFields>;

std::optional<Fields> split(std::string_view text) {
  Fields fields;
  for (std::size_t at = 0; at < kFields; ++at) {
    const auto comma = text.find(',');
    if ((comma == std::string_view::npos) != (at + 1 == kFields)) { return std::nullopt; }
    fields.at(at) = text.substr(0, comma);
    if (comma != std::string_view::npos) { text.remove_prefix(comma + 1); }
  }
  return fields;
}

/// Items with a semicolon between them; one behind the last does no harm.
bool read_addresses(std::string_view list, std::vector<observation::TicketAddress>& addresses) {
  while (!list.empty()) {
    const auto end = std::min(list.find(';'), list.size());
    auto address = read_host_and_port(list.substr(0, end));
    if (!address.has_value()) { return false; }
    if (addresses.size() < kMaxTicketAddresses) { addresses.push_back(std::move(*address)); }
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return !addresses.empty();
}

}  // namespace

Read<ConnectionString1> read_connection_string1(std::string_view text) {
  const auto refuse = [](const char* error) {
    return tl::unexpected(Refusal{.error = error, .at = {}});
  };
  const auto fields = split(text);
  if (!fields.has_value()) { return refuse("rcticket.field_count"); }
  if (fields->at(kProtocolVersion) != kVersion) { return refuse("rcticket.version"); }
  if (fields->at(kProtocolType) != kType) { return refuse("rcticket.type"); }
  ConnectionString1 read;
  if (!read_addresses(fields->at(kMachineAddressList), read.addresses)) {
    return refuse("rcticket.address");
  }
  for (const auto at : {kAssistantAccountPwd, kRaSessionName, kRaSessionPwd}) {
    if (fields->at(at) != kPlaceholder) { return refuse("rcticket.placeholder"); }
  }
  if (fields->at(kRaSessionId).empty()) { return refuse("rcticket.session_id"); }
  read.session_id = fields->at(kRaSessionId);
  read.public_key_digest = read_sha1(fields->at(kProtocolSpecificParms));
  return read;
}

bool may_stand_in_string1(char c) {
  const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  return letter || std::string_view{"+/=*,;:.-_[]%"}.find(c) != std::string_view::npos;
}

}  // namespace remora::ticket
