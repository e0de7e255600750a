#include "dissect/gateway/gateway_head.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "dissect/encoding/base64.h"
#include "dissect/encoding/text.h"
#include "dissect/encoding/utf16.h"

namespace remora::gateway {
namespace {

constexpr std::string_view kLineEnd{"\r\n"};
/// LIMIT: of a request line that is judged.
constexpr std::size_t kMaxLineBytes = 512;

struct Beginning {
  std::string_view text;
  Method method;
};

constexpr std::array kBeginnings{
    Beginning{"RDG_OUT_DATA ", Method::kRdgOutData}, Beginning{"RDG_IN_DATA ", Method::kRdgInData},
    Beginning{"RPC_OUT_DATA ", Method::kRpcOutData}, Beginning{"RPC_IN_DATA ", Method::kRpcInData},
    Beginning{"GET /remoteDesktopGateway", Method::kGet}};

/// The port of the gateway's RPC server behind the proxy, [MS-TSGU] 2.1.1 and Windows' own URL.
constexpr std::string_view kRpcTarget{"rpcproxy.dll?localhost:3388"};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_word(std::string_view one, std::string_view two) {
  return std::ranges::equal(one, two, {}, lower, lower);
}

bool contains_word(std::string_view text, std::string_view word) {
  const auto same = [](char a, char b) { return lower(a) == lower(b); };
  return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) { return {}; }
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string to_text(std::string_view value) {
  return encoding::to_utf8(as_bytes(value));
}

std::uint64_t to_number(std::string_view value) {
  std::uint64_t number = 0;
  const auto* end = value.data() + value.size();
  const auto [read_to, error] = std::from_chars(value.data(), end, number);
  return error == std::errc{} && read_to == end ? number : 0;
}

/// Calls `visit(name, value)` for each header field.
template <typename Visit>
void for_each_field(std::string_view head, Visit visit) {
  auto rest = head.substr(std::min(head.find(kLineEnd), head.size()));
  while (rest.size() > 2 * kLineEnd.size()) {
    rest.remove_prefix(kLineEnd.size());
    const auto line = rest.substr(0, rest.find(kLineEnd));
    if (const auto colon = line.find(':'); colon != std::string_view::npos) {
      visit(line.substr(0, colon), trimmed(line.substr(colon + 1)));
    }
    rest.remove_prefix(line.size());
  }
}

/// 2.2.3.2.3: the user's name in UTF-16, Base64.
void set_user(GatewayRequest& request, std::string_view value) {
  auto name =
      encoding::utf16le_to_utf8(encoding::from_base64(value).value_or(std::vector<std::byte>{}));
  if (const auto backslash = name.find('\\'); backslash != std::string::npos) {
    request.domain = name.substr(0, backslash);
    name.erase(0, backslash + 1);
  }
  request.user = std::move(name);
}

std::string without_port(std::string_view host) {
  const auto colon = host.rfind(':');
  // In brackets stands an IPv6 address.
  if (colon == std::string_view::npos || host.substr(colon).find(']') != std::string_view::npos) {
    return to_text(host);
  }
  return to_text(host.substr(0, colon));
}

void set_field(GatewayRequest& request, std::string_view name, std::string_view value) {
  if (same_word(name, "Host")) { request.host = without_port(value); }
  if (same_word(name, "RDG-Connection-Id")) { request.connection_id = to_text(value); }
  if (same_word(name, "RDG-Correlation-Id")) { request.correlation_id = to_text(value); }
  if (same_word(name, "RDG-User-Id")) { set_user(request, value); }
  if (same_word(name, "Upgrade")) { request.websocket = contains_word(value, "websocket"); }
  if (same_word(name, "Transfer-Encoding")) { request.chunked = contains_word(value, "chunked"); }
  if (same_word(name, "Content-Length")) { request.content_length = to_number(value); }
}

const Beginning* beginning_of(std::string_view text) {
  const auto* const found = std::ranges::find_if(
      kBeginnings, [text](const auto& beginning) { return text.starts_with(beginning.text); });
  return found == kBeginnings.end() ? nullptr : found;
}

}  // namespace

Verdict recognise(ByteView first_bytes) {
  const auto text = as_text(first_bytes).substr(0, kMaxLineBytes);
  const auto* const beginning = beginning_of(text);
  if (beginning == nullptr) {
    const bool may_be = std::ranges::any_of(
        kBeginnings, [text](const auto& begin) { return begin.text.starts_with(text); });
    return may_be ? Verdict::kMore : Verdict::kNo;
  }
  if (beginning->method != Method::kRpcInData && beginning->method != Method::kRpcOutData) {
    return Verdict::kYes;
  }
  const auto line = text.substr(0, text.find(kLineEnd));
  if (contains_word(line, kRpcTarget)) { return Verdict::kYes; }
  return line.size() == text.size() && text.size() < kMaxLineBytes ? Verdict::kMore : Verdict::kNo;
}

Extent measure_head(ByteView bytes) {
  constexpr std::string_view kHeadEnd{"\r\n\r\n"};
  const auto end = as_text(bytes).substr(0, kMaxHeadBytes).find(kHeadEnd);
  if (end != std::string_view::npos) { return Extent::whole(end + kHeadEnd.size()); }
  return bytes.size() < kMaxHeadBytes ? Extent::more() : Extent::lost("head without end");
}

std::optional<GatewayRequest> read_request(ByteView head) {
  const auto text = as_text(head);
  const auto* const beginning = beginning_of(text);
  if (beginning == nullptr) { return std::nullopt; }
  GatewayRequest request{.method = beginning->method};
  for_each_field(text, [&request](std::string_view name, std::string_view value) {
    set_field(request, name, value);
  });
  return request;
}

std::optional<GatewayAnswer> read_answer(ByteView head) {
  constexpr std::string_view kStart{"HTTP/1."};
  constexpr std::size_t kStatusAt = 9;  // behind "HTTP/1.1 "
  const auto text = as_text(head);
  if (!text.starts_with(kStart) || text.size() < kStatusAt + 3) { return std::nullopt; }
  GatewayAnswer answer{.status = static_cast<std::uint16_t>(to_number(text.substr(kStatusAt, 3)))};
  for_each_field(text, [&answer](std::string_view name, std::string_view value) {
    if (same_word(name, "Transfer-Encoding")) { answer.chunked = contains_word(value, "chunked"); }
    if (same_word(name, "Content-Length")) { answer.content_length = to_number(value); }
  });
  return answer.status < 100 ? std::nullopt : std::optional{answer};
}

}  // namespace remora::gateway
