#include "dissect/proxy/http_connect.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "dissect/encoding/base64.h"
#include "dissect/encoding/text.h"
#include "dissect/proxy/destination.h"

namespace remora::proxy {
namespace {

constexpr std::string_view kMethod{"CONNECT "};
constexpr std::string_view kVersion{" HTTP/1."};
constexpr std::string_view kLineEnd{"\r\n"};
/// LIMIT: a host name has at most 255 bytes (RFC 1035 2.3.4); the rest of the line is fixed.
constexpr std::size_t kMaxLineBytes = 300;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_word(std::string_view one, std::string_view two) {
  return std::ranges::equal(one, two, {}, lower, lower);
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) { return {}; }
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// "host:port"
struct Authority {
  std::string_view host;
  std::uint16_t port;
};

std::optional<Authority> to_authority(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) { return std::nullopt; }
  const auto port = to_port(text.substr(colon + 1));
  if (!port.has_value() || *port == 0) { return std::nullopt; }
  return Authority{.host = text.substr(0, colon), .port = *port};
}

/// Of "CONNECT host:port HTTP/1.x", without its end.
std::optional<Authority> read_line(std::string_view line) {
  if (!line.starts_with(kMethod)) { return std::nullopt; }
  line.remove_prefix(kMethod.size());
  const auto end = line.find(' ');
  if (end == std::string_view::npos) { return std::nullopt; }
  if (!line.substr(end).starts_with(kVersion) || line.size() != end + kVersion.size() + 1) {
    return std::nullopt;
  }
  return to_authority(line.substr(0, end));
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

/// "Basic dXNlcjpzZWNyZXQ=" gives "user".
std::string user_of(std::string_view credentials) {
  constexpr std::string_view kBasic{"basic "};
  if (!same_word(credentials.substr(0, kBasic.size()), kBasic)) { return {}; }
  const auto pair = encoding::from_base64(trimmed(credentials.substr(kBasic.size())))
                        .value_or(std::vector<std::byte>{});
  const auto colon = std::ranges::find(pair, std::byte{':'});
  if (colon == pair.end()) { return {}; }  // no password: perhaps it is one
  return encoding::to_utf8(ByteView{pair}.first(static_cast<std::size_t>(colon - pair.begin())));
}

}  // namespace

Extent measure_connect_line(ByteView bytes) {
  const auto text = as_text(bytes).substr(0, kMaxLineBytes);
  if (text.size() < kMethod.size()) {
    return kMethod.starts_with(text) ? Extent::more() : Extent::lost("no CONNECT");
  }
  if (!text.starts_with(kMethod)) { return Extent::lost("no CONNECT"); }
  const auto end = text.find(kLineEnd);
  if (end == std::string_view::npos) {
    return text.size() < kMaxLineBytes ? Extent::more() : Extent::lost("line without end");
  }
  return read_line(text.substr(0, end)).has_value() ? Extent::whole(end + kLineEnd.size())
                                                    : Extent::lost("no CONNECT line");
}

Extent measure_head(ByteView bytes) {
  constexpr std::string_view kHeadEnd{"\r\n\r\n"};
  const auto end = as_text(bytes).substr(0, kMaxHeadBytes).find(kHeadEnd);
  if (end != std::string_view::npos) { return Extent::whole(end + kHeadEnd.size()); }
  return bytes.size() < kMaxHeadBytes ? Extent::more() : Extent::lost("head without end");
}

std::optional<ConnectRequest> read_connect_request(ByteView head) {
  const auto text = as_text(head);
  const auto authority = read_line(text.substr(0, text.find(kLineEnd)));
  if (!authority.has_value()) { return std::nullopt; }
  ConnectRequest request{.host = std::string{authority->host}, .port = authority->port};
  for_each_field(text, [&](std::string_view name, std::string_view value) {
    if (same_word(name, "Proxy-Authorization")) { request.user = user_of(value); }
  });
  return request;
}

std::optional<ConnectAnswer> read_connect_answer(ByteView head) {
  constexpr std::string_view kStart{"HTTP/1."};
  constexpr std::size_t kStatusAt = 9;  // behind "HTTP/1.1 "
  const auto text = as_text(head);
  if (!text.starts_with(kStart) || text.size() < kStatusAt + 3) { return std::nullopt; }
  const auto status = to_port(text.substr(kStatusAt, 3));
  if (!status.has_value()) { return std::nullopt; }
  ConnectAnswer answer{.status = *status};
  for_each_field(text, [&](std::string_view name, std::string_view value) {
    if (same_word(name, "Transfer-Encoding")) { answer.chunked = true; }
    if (same_word(name, "Content-Length")) {
      std::uint64_t length = 0;
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
      if (error == std::errc{} && end == value.data() + value.size()) {
        answer.content_length = length;
      }
    }
  });
  return answer;
}

}  // namespace remora::proxy
