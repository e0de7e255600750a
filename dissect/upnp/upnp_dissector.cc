#include "dissect/upnp/upnp_dissector.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "dissect/observation/reachability.h"

namespace remora::upnp {
namespace {

using http_head::BodyFraming;
using http_head::HttpHead;
using Kind = PortMappingAction::Kind;

constexpr const char* kMappingRule = "upnp.port_mapping";
constexpr const char* kAddressRule = "upnp.external_address";

/// What stands behind a head: how many bytes it is, and its text without chunk heads. Empty while
/// it is not all there.
struct Body {
  std::size_t bytes{0};
  std::string text{};
  bool lost{false};  ///< where it ends cannot be told
  bool last{false};  ///< its sender closes the connection behind it
};

/// RFC 9112 7.1, without extensions and trailers of interest.
[[nodiscard]] std::optional<Body> chunked_body(std::string_view bytes) {
  Body body;
  while (body.bytes < bytes.size()) {
    const auto line_end = bytes.find('\n', body.bytes);
    if (line_end == std::string_view::npos) { return std::nullopt; }
    std::size_t size = 0;
    const auto* first = bytes.data() + body.bytes;
    const auto [end, error] = std::from_chars(first, bytes.data() + line_end, size, 16);
    const bool broken = error != std::errc{} || end == first;
    if (broken || size > UpnpDissector::kMaxBodyBytes) { return Body{.lost = true}; }
    const auto start = line_end + 1;
    const auto after = bytes.find('\n', start + size);
    if (after == std::string_view::npos) { return std::nullopt; }
    body.text += bytes.substr(start, size);
    body.bytes = after + 1;
    if (size == 0) { return body; }
  }
  return std::nullopt;
}

/// Behind the first closing tag, whatever its prefix: "</s:Envelope>".
[[nodiscard]] std::optional<std::size_t> end_of_envelope(std::string_view text) {
  constexpr std::string_view kName{"Envelope>"};
  for (auto name = text.find(kName); name != std::string_view::npos;
       name = text.find(kName, name + 1)) {
    const auto tag = text.rfind('<', name);
    if (tag != std::string_view::npos && text.substr(tag, 2) == "</") {
      return name + kName.size();
    }
  }
  return std::nullopt;
}

[[nodiscard]] std::optional<Body> body_of(const HttpHead& head, std::string_view bytes) {
  switch (head.framing) {
    case BodyFraming::kNone:
      return Body{};
    case BodyFraming::kLength: {
      const auto size = static_cast<std::size_t>(head.content_length);
      if (bytes.size() < size) { return std::nullopt; }
      return Body{.bytes = size, .text = std::string{bytes.substr(0, size)}};
    }
    case BodyFraming::kChunked:
      return chunked_body(bytes);
    case BodyFraming::kUnbounded:
      break;
  }
  // Old routers close the connection behind an answer: its text ends with the envelope.
  const auto end = end_of_envelope(bytes);
  if (!end.has_value()) { return std::nullopt; }
  return Body{.text = std::string{bytes.substr(0, *end)}, .last = true};
}

}  // namespace

std::size_t UpnpDissector::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  const auto extent = http_head::measure_http_head(bytes);
  if (extent.is_lost() || messages_ >= kMaxMessages) {
    out.leave();
    return bytes.size();
  }
  if (extent.needs_more()) { return 0; }
  const auto head = decode(bytes.first(extent.size()), http_head::read_http_head);
  if (!head) {
    out.leave();
    return bytes.size();
  }
  const bool too_long =
      head->framing == BodyFraming::kLength && head->content_length > kMaxBodyBytes;
  std::optional<Body> body;
  if (too_long) {
    out.skip(head->content_length);
    body.emplace();
  } else {
    const auto behind = as_text(bytes.subspan(extent.size())).substr(0, kMaxFramedBytes);
    body = body_of(*head, behind);
    if (!body.has_value() && behind.size() < kMaxFramedBytes) { return 0; }
  }
  if (!body.has_value() || body->lost) {
    out.leave();
    return bytes.size();
  }
  ++messages_;
  if (head->is_response) {
    on_answer(from, *head, body->text, at, out);
  } else {
    on_request(*head, body->text, out);
  }
  if (body->last) {
    out.leave();
    return bytes.size();
  }
  return extent.size() + body->bytes;
}

void UpnpDissector::on_request(const HttpHead& head, std::string_view body, Findings& out) {
  if (waiting_.size() >= kMaxWaiting) {
    out.leave();
    return;
  }
  waiting_.push_back(read_action(head.find("soapaction").value_or(std::string_view{}), body));
}

void UpnpDissector::on_answer(Side from, const HttpHead& head, std::string_view body, Instant at,
                              Findings& out) {
  if (head.status < 200 || waiting_.empty()) { return; }
  const auto action = std::move(waiting_.front());
  waiting_.pop_front();
  if (head.status != 200) { return; }
  if (action.kind == Kind::kGetExternalAddress) {
    if (const auto address = read_external_address(body)) {
      out.observe(at, from, kAddressRule, observation::PublicAddressTold{.address = *address});
    }
    return;
  }
  const bool named = action.external_port.has_value() && !action.protocol.empty();
  if (action.kind == Kind::kOther || !named) { return; }
  out.observe(at, from, kMappingRule,
              observation::PortMappingChanged{.made = action.kind == Kind::kAdd,
                                              .asker = other(from),
                                              .protocol = action.protocol,
                                              .external_port = *action.external_port,
                                              .internal_address = action.internal_client,
                                              .internal_port = action.internal_port});
}

void UpnpDissector::on_gap(Side /*from*/, std::uint64_t /*size*/, Instant /*at*/, Findings& out) {
  // Which answer belongs to which request is not known any more.
  out.leave();
}

}  // namespace remora::upnp
