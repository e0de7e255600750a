#include "dissect/credssp/aad_message.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <limits>
#include <vector>

#include "capture/base/bytes.h"
#include "dissect/credssp/json_text.h"
#include "dissect/encoding/base64.h"

namespace remora::credssp {
namespace {

/// The payload of a JSON Web Token, RFC 7519, in JWS Compact Serialization, RFC 7515 7.1: the
/// second of three parts in base64url. Empty where it is none.
std::string payload_of(std::string_view token) {
  const auto first = token.find('.');
  if (first == std::string_view::npos) { return {}; }
  const auto second = token.find('.', first + 1);
  if (second == std::string_view::npos) { return {}; }
  std::string text{token.substr(first + 1, second - first - 1)};
  std::ranges::replace(text, '-', '+');
  std::ranges::replace(text, '_', '/');
  const auto bytes = encoding::from_base64(text).value_or(std::vector<std::byte>{});
  return std::string{as_text(bytes)};
}

/// [MS-ERREF] 2.1, as 2.2.18.3 lists them.
std::string_view result_name(std::uint32_t code) {
  switch (code) {
    case 0x00000000:
      return "S_OK";
    case 0x80090308:
      return "SEC_E_INVALID_TOKEN";
    case 0x80070005:
      return "E_ACCESSDENIED";
    case 0xd000006d:
      return "STATUS_LOGON_FAILURE";
    case 0xd000005e:
      return "STATUS_NO_LOGON_SERVERS";
    case 0xd000006f:
      return "STATUS_INVALID_LOGON_HOURS";
    case 0xd0000070:
      return "STATUS_INVALID_WORKSTATION";
    case 0xd0000071:
      return "STATUS_PASSWORD_EXPIRED";
    case 0xd0000072:
      return "STATUS_ACCOUNT_DISABLED";
    default:
      return {};
  }
}

/// SPEC: "a 32-bit integer" in quotation marks; a number without them too, hexadecimal or with the
/// sign that an HRESULT has.
std::optional<std::uint32_t> to_code(std::string_view text) {
  const bool hexadecimal = text.starts_with("0x");
  if (hexadecimal) { text.remove_prefix(2); }
  std::int64_t number = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number, hexadecimal ? 16 : 10);
  if (error != std::errc{} || stop != end) { return std::nullopt; }
  const bool fits = number >= std::numeric_limits<std::int32_t>::min() &&
                    number <= std::numeric_limits<std::uint32_t>::max();
  return fits ? std::optional{static_cast<std::uint32_t>(number)} : std::nullopt;
}

}  // namespace

std::optional<AadAccount> aad_account(std::string_view message) {
  const auto assertion = json_scalar(message, "rdp_assertion");
  if (!assertion.has_value()) { return std::nullopt; }
  const auto token = json_scalar(payload_of(*assertion), "at");
  if (!token.has_value()) { return std::nullopt; }
  const auto claims = payload_of(*token);
  for (const std::string_view claim : {"upn", "preferred_username", "unique_name"}) {
    const auto name = json_scalar(claims, claim);
    if (!name.has_value() || name->empty()) { continue; }
    const auto at = std::min(name->find('@'), name->size());
    return AadAccount{.user = name->substr(0, at),
                      .domain = name->substr(std::min(at + 1, name->size()))};
  }
  return std::nullopt;
}

bool is_aad_nonce(std::string_view message) {
  return json_scalar(message, "ts_nonce").has_value();
}

std::optional<observation::NamedCode> aad_result(std::string_view message) {
  const auto result = json_scalar(message, "authentication_result");
  if (!result.has_value()) { return std::nullopt; }
  const auto code = to_code(*result);
  if (!code.has_value()) { return std::nullopt; }
  return observation::NamedCode{.code = *code, .name = std::string{result_name(*code)}};
}

}  // namespace remora::credssp
