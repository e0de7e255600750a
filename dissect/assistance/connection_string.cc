#include "dissect/assistance/connection_string.h"

#include <cstddef>

#include "dissect/encoding/digest.h"

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

/// `65538,1,addresses,*,RASessionID,*,*,parameters`.
std::string_view fifth_field(std::string_view text) {
  constexpr std::size_t kFieldsBefore = 4;
  for (std::size_t field = 0; field < kFieldsBefore; ++field) {
    const auto comma = text.find(',');
    if (comma == std::string_view::npos) { return {}; }
    text.remove_prefix(comma + 1);
  }
  const auto comma = text.find(',');
  return comma == std::string_view::npos ? std::string_view{} : text.substr(0, comma);
}

}  // namespace

std::optional<observation::Sha256> session_id_digest(std::string_view connection) {
  const bool second = connection.starts_with("<E>");
  const auto id = second ? id_of_authentication(connection) : fifth_field(connection);
  if (id.empty() || id == "*") { return std::nullopt; }
  return encoding::sha256(as_bytes(id));
}

}  // namespace remora::assistance
