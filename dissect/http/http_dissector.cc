#include "dissect/http/http_dissector.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "dissect/encoding/base64.h"
#include "dissect/encoding/host_name.h"

namespace remora::http {
namespace {

using http_head::BodyFraming;

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

/// A SOAP action of UPnP by which a router is asked for its address, or to lead a port.
[[nodiscard]] bool asks_router(const http_head::HttpHead& head) {
  const auto action = head.is_response ? std::nullopt : head.find("soapaction");
  return action.has_value() && (action->find(":WANIPConnection:") != std::string_view::npos ||
                                action->find(":WANPPPConnection:") != std::string_view::npos);
}

}  // namespace

std::size_t HttpDissector::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  const auto extent = http_head::measure_http_head(bytes);
  if (extent.is_lost()) { return on_no_head(from, bytes, out); }
  if (extent.needs_more()) { return 0; }
  const auto head = decode(bytes.first(extent.size()), http_head::read_http_head);
  if (!head) { return on_no_head(from, bytes, out); }
  lost_.at(index_of(from)) = false;
  if (asks_router(*head)) {
    out.hand_over(Protocol{"upnp"});
    return 0;
  }
  if (head->is_response) {
    on_response(from, *head, at, out);
  } else {
    on_request(from, *head, at, out);
  }
  const bool no_body = head->is_response && asked_for_head_;
  if (no_body || head->framing == BodyFraming::kNone) { return extent.size(); }
  if (head->framing == BodyFraming::kLength) {
    out.skip(head->content_length);
  } else {
    out.leave();
  }
  return extent.size();
}

/// The bodies of answers are often not all captured: after a hole the next head is looked for where
/// the next piece begins.
std::size_t HttpDissector::on_no_head(Side from, ByteView bytes, Findings& out) {
  if (!lost_.at(index_of(from)) || ++pieces_without_head_ > kMaxPiecesWithoutHead) { out.leave(); }
  return bytes.size();
}

void HttpDissector::on_gap(Side from, std::uint64_t /*size*/, Instant /*at*/, Findings& /*out*/) {
  lost_.at(index_of(from)) = true;
}

void HttpDissector::on_request(Side from, const http_head::HttpHead& head, Instant at,
                               Findings& out) {
  asked_for_head_ = head.method == "HEAD";
  through_proxy_ = !head.target.starts_with('/') && head.target != "*";
  for (const auto& header : head.headers) {
    if (is_login(header, false)) { (void)read_header(from, header, at, out); }
  }
  if (authentication_.answered()) { out.leave(); }
}

/// A 100 Continue answers nothing yet.
void HttpDissector::on_response(Side from, const http_head::HttpHead& head, Instant at,
                                Findings& out) {
  if (head.status < 200) {
    if (head.status == 101) { out.leave(); }
    return;
  }
  bool asked = false;
  if (head.status == 401 || head.status == 407) {
    for (const auto& header : head.headers) {
      if (is_login(header, true) && read_header(from, header, at, out)) { asked = true; }
    }
  }
  if (!asked || ++exchanges_ >= kMaxExchanges) { out.leave(); }
}

/// True when the header belongs to a login of ours, with a token or without.
bool HttpDissector::read_header(Side from, const http_head::Header& header, Instant at,
                                Findings& out) {
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
