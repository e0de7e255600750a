#include "dissect/assistance/connection_string.h"

#include <algorithm>
#include <cstddef>

#include "dissect/encoding/digest.h"
#include "dissect/encoding/host_name.h"

namespace remora::assistance {
namespace {

/// The ID attribute of the first A element; T elements have one too.
std::string_view id_of_authentication(std::string_view text) {
  const auto element = text.find("<A ");
  if (element == std::string_view::npos) { return {}; }
  text = text.substr(element, text.find('>', element) - element);
  const auto name = text.find(" ID=\"");
  if (name == std::string_view::npos) { return {}; }
  text.remove_prefix(name + 5);
  return text.substr(0, text.find('"'));
}

/// Of `65538,1,addresses,*,RASessionID,*,*,parameters`.
std::string_view field_behind(std::size_t fields_before, std::string_view text) {
  for (std::size_t field = 0; field < fields_before; ++field) {
    const auto comma = text.find(',');
    if (comma == std::string_view::npos) { return {}; }
    text.remove_prefix(comma + 1);
  }
  const auto comma = text.find(',');
  return comma == std::string_view::npos ? std::string_view{} : text.substr(0, comma);
}

constexpr std::size_t kFieldsBeforeAddresses = 2;
constexpr std::size_t kFieldsBeforeSessionId = 4;
constexpr std::size_t kMostNames = 16;

void add_name(std::string_view host, std::vector<std::string>& names) {
  if (names.size() < kMostNames && encoding::may_be_host_name(host)) { names.emplace_back(host); }
}

/// `host:port;host:port`; an IPv6 address has colons of its own and is no name.
void add_names_of_list(std::string_view list, std::vector<std::string>& names) {
  while (!list.empty()) {
    const auto end = std::min(list.find(';'), list.size());
    const auto item = list.substr(0, end);
    add_name(item.substr(0, item.find(':')), names);
    list.remove_prefix(std::min(end + 1, list.size()));
  }
}

void add_names_of_elements(std::string_view text, std::vector<std::string>& names) {
  constexpr std::string_view kName{" N=\""};
  for (auto at = text.find("<L "); at != std::string_view::npos; at = text.find("<L ")) {
    text.remove_prefix(at);
    const auto element = text.substr(0, text.find('>'));
    text.remove_prefix(1);
    const auto name = element.find(kName);
    if (name == std::string_view::npos) { continue; }
    const auto value = element.substr(name + kName.size());
    add_name(value.substr(0, value.find('"')), names);
  }
}

bool is_second_form(std::string_view connection) {
  return connection.starts_with("<E>");
}

}  // namespace

std::vector<std::string> host_names(std::string_view connection) {
  std::vector<std::string> names;
  if (is_second_form(connection)) {
    add_names_of_elements(connection, names);
  } else {
    add_names_of_list(field_behind(kFieldsBeforeAddresses, connection), names);
  }
  return names;
}

std::optional<observation::Sha256> session_id_digest(std::string_view connection) {
  const auto id = is_second_form(connection) ? id_of_authentication(connection)
                                             : field_behind(kFieldsBeforeSessionId, connection);
  if (id.empty() || id == "*") { return std::nullopt; }
  return encoding::sha256(as_bytes(id));
}

}  // namespace remora::assistance
