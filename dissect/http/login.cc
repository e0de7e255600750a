#include "dissect/http/login.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "dissect/encoding/base64.h"
#include "dissect/encoding/host_name.h"

namespace remora::http {
namespace {

/// What stands behind the scheme of NTLM or Negotiate, empty for a bare offer; nothing for another
/// scheme.
[[nodiscard]] std::optional<std::string_view> token_text(std::string_view value) {
  const auto space = std::min(value.find(' '), value.size());
  const auto scheme = value.substr(0, space);
  if (!encoding::same_name(scheme, "NTLM") && !encoding::same_name(scheme, "Negotiate")) {
    return std::nullopt;
  }
  const auto first = value.find_first_not_of(' ', space);
  return first == std::string_view::npos ? std::string_view{} : value.substr(first);
}

/// "Negotiate, NTLM": several offers in one header, none with a token.
[[nodiscard]] bool offers(std::string_view list) {
  while (!list.empty()) {
    const auto comma = std::min(list.find(','), list.size());
    auto scheme = list.substr(0, comma);
    scheme.remove_prefix(std::min(scheme.find_first_not_of(' '), scheme.size()));
    if (token_text(scheme).has_value()) { return true; }
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

[[nodiscard]] bool is_of_proxy(std::string_view name) {
  return name.starts_with("proxy-");
}

[[nodiscard]] bool is_login(const http_head::Header& header, bool is_response) {
  return is_response ? header.name == "www-authenticate" || header.name == "proxy-authenticate"
                     : header.name == "authorization" || header.name == "proxy-authorization";
}

}  // namespace

void Login::on_request(Side from, const http_head::HttpHead& head, Instant at, Findings& out) {
  if (over_) { return; }
  through_proxy_ = !head.target.starts_with('/') && head.target != "*";
  for (const auto& header : head.headers) {
    if (is_login(header, false)) { (void)read_header(from, header, at, out); }
  }
  over_ = authentication_.answered();
}

/// A 100 Continue answers nothing yet.
void Login::on_response(Side from, const http_head::HttpHead& head, Instant at, Findings& out) {
  if (over_ || head.status < 200) { return; }
  bool asked = false;
  if (head.status == 401 || head.status == 407) {
    for (const auto& header : head.headers) {
      if (is_login(header, true) && read_header(from, header, at, out)) { asked = true; }
    }
  }
  over_ = !asked || ++exchanges_ >= kMaxExchanges;
}

/// True when the header belongs to a login of ours, with a token or without.
bool Login::read_header(Side from, const http_head::Header& header, Instant at, Findings& out) {
  // What a proxy passes on names machines behind it, not the other end of this flow.
  if (through_proxy_ && !is_of_proxy(header.name)) { return false; }
  const auto text = token_text(header.value);
  if (!text.has_value()) { return offers(header.value); }
  if (const auto token = encoding::from_base64(*text)) {
    authentication_.on_blob(from, *token, at, out);
  }
  return true;
}

}  // namespace remora::http
