#include "dissect/http/http_dissector.h"

#include <string_view>
#include <utility>

#include "dissect/http/document_name.h"
#include "dissect/http/recognise.h"

namespace remora::http {
namespace {

using http_head::BodyFraming;
using http_head::HttpHead;
using observation::Carriage;

constexpr const char* kCarrier = "HTTP";

[[nodiscard]] bool is_success(std::uint16_t status) {
  return status / 100 == 2;
}

[[nodiscard]] std::string_view value_of(const HttpHead& head, std::string_view name) {
  return head.find(name).value_or(std::string_view{});
}

[[nodiscard]] Document::Description description_of(const HttpHead& head) {
  return {.content_type = value_of(head, "content-type"),
          .content_disposition = value_of(head, "content-disposition"),
          .content_encoding = value_of(head, "content-encoding"),
          .file_name = {},
          .place = {}};
}

/// What an answer shows of the place that was asked for: the document itself, not words about it.
[[nodiscard]] bool shows_place(const Request& request, std::uint16_t status) {
  return request.kind == Request::Kind::kGet && (status == 200 || status == 203 || status == 206);
}

/// Verbs that other families read, behind an answer whose request was not captured, or behind a
/// login at a proxy.
[[nodiscard]] bool is_of_others(std::string_view method) {
  return method == "CONNECT" || method.starts_with("RDG_") || method.starts_with("RPC_");
}

/// The answer to a request that was not seen, with nothing of a document in it: what a proxy says
/// before it passes on another protocol.
[[nodiscard]] bool grants_tunnel(const Request& request, const HttpHead& head) {
  if (!is_success(head.status)) { return false; }
  if (request.kind == Request::Kind::kConnect) { return true; }
  return request.kind == Request::Kind::kOther && request.target.empty() &&
         head.framing == BodyFraming::kUnbounded && !head.find("content-type").has_value();
}

/// A SOAP action of UPnP by which a router is asked for its address, or to lead a port.
[[nodiscard]] bool asks_router(const http_head::HttpHead& head) {
  const auto action = head.is_response ? std::nullopt : head.find("soapaction");
  return action.has_value() && (action->find(":WANIPConnection:") != std::string_view::npos ||
                                action->find(":WANPPPConnection:") != std::string_view::npos);
}

}  // namespace

std::size_t HttpDissector::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  return side(from).body.has_value() ? on_body(from, bytes, at, out)
                                     : on_head(from, bytes, at, out);
}

std::size_t HttpDissector::on_head(Side from, ByteView bytes, Instant at, Findings& out) {
  auto& lost = side(from).lost;
  if (lost) {
    const auto verdict = recognise(bytes);
    if (verdict == Verdict::kMore) { return 0; }
    if (verdict == Verdict::kNo) { return on_no_head(from, bytes, out); }
  }
  const auto extent = http_head::measure_http_head(bytes);
  if (extent.is_lost()) { return on_no_head(from, bytes, out); }
  if (extent.needs_more()) { return 0; }
  const auto head = decode(bytes.first(extent.size()), http_head::read_http_head);
  if (!head) { return on_no_head(from, bytes, out); }
  if (is_of_others(head->method)) {
    out.hand_over_to_any();
    return 0;
  }
  lost = false;
  if (asks_router(*head)) {
    out.hand_over(Protocol{"upnp"});
    return 0;
  }
  if (head->is_response) {
    on_response(from, *head, at, out);
  } else {
    on_request(from, *head, at, out);
  }
  return extent.size();
}

/// The bodies of answers are often not all captured: after a hole the next head is looked for where
/// the next piece begins.
std::size_t HttpDissector::on_no_head(Side from, ByteView bytes, Findings& out) {
  if (!side(from).lost || ++pieces_without_head_ > kMaxPiecesWithoutHead) { out.leave(); }
  return bytes.size();
}

void HttpDissector::on_request(Side from, const HttpHead& head, Instant at, Findings& out) {
  client_ = from;
  login_.on_request(from, head, at, out);
  auto request = request_of(head);
  auto description = description_of(head);
  if (head.method == "PUT") {
    description.file_name = file_name_of_target(request.target);
    description.place = place_of_target(request.target);
  }
  const auto target = request.target;
  requests_.add(std::move(request));
  begin_body(from, head, description, target, at, out);
}

void HttpDissector::on_response(Side from, const HttpHead& head, Instant at, Findings& out) {
  client_ = other(from);
  login_.on_response(from, head, at, out);
  if (head.status == 101) {
    out.leave();
    return;
  }
  if (head.status < 200) { return; }
  const auto request = requests_.take_answered();
  if (grants_tunnel(request, head)) {
    out.hand_over_to_any();
    return;
  }
  if (is_success(head.status) && head.status != 207) { tell_change(other(from), request, at, out); }
  if (request.kind == Request::Kind::kHead) { return; }
  auto description = description_of(head);
  if (shows_place(request, head.status)) {
    description.file_name = file_name_of_target(request.target);
    description.place = place_of_target(request.target);
  }
  begin_body(from, head, description, request.target, at, out);
}

/// 207 tells of members that did not change; it is no success.
void HttpDissector::tell_change(Side client, const Request& request, Instant at, Findings& out) {
  const auto place = place_of_target(request.target);
  if (place.empty()) { return; }
  Carriage carriage{
      .protocol = kCarrier, .file_name = file_name_of_target(request.target), .place = place};
  if (request.kind == Request::Kind::kDelete) {
    out.observe(at, client, "http.delete",
                observation::CopyDeleted{.ticket = {}, .carriage = std::move(carriage)});
    return;
  }
  const bool moves = request.kind == Request::Kind::kMove;
  if (!moves && request.kind != Request::Kind::kCopy) { return; }
  const auto uri = std::string_view{request.destination};
  const bool through_proxy = !request.target.starts_with('/');
  const auto destination = place_of_target(through_proxy ? uri : without_authority(uri));
  if (destination.empty()) { return; }
  out.observe(at, client, moves ? "http.move" : "http.copy",
              observation::CopyMoved{
                  .carriage = std::move(carriage), .new_place = destination, .stays = !moves});
}

void HttpDissector::begin_body(Side from, const HttpHead& head,
                               const Document::Description& description, const std::string& target,
                               Instant at, Findings& out) {
  auto& body = side(from).body;
  body.emplace(Body{.frames = BodyFrames{head.framing, head.content_length}, .document = {}});
  if (body->frames.done()) {
    body.reset();
    return;
  }
  body->awaits_continue = !head.is_response && head.find("expect").has_value();
  const auto range = read_content_range(value_of(head, "content-range"));
  body->document = document_for(description, target, range);
  if (range.has_value() && !range->is_last()) {
    body->target = target;
    body->goes_on_at = range->last + 1;
  }
  settle_body(from, at, out);
}

/// A part that does not begin where the one before ended is of no use.
std::unique_ptr<Document> HttpDissector::document_for(const Document::Description& description,
                                                      const std::string& target,
                                                      const std::optional<ContentRange>& range) {
  if (!range.has_value() || range->first == 0) {
    return std::make_unique<Document>(description, *context_);
  }
  auto earlier = std::exchange(part_, std::nullopt);
  if (!earlier.has_value() || earlier->target != target || earlier->next != range->first) {
    return nullptr;
  }
  return std::move(earlier->document);
}

std::size_t HttpDissector::on_body(Side from, ByteView bytes, Instant at, Findings& out) {
  auto& body = *side(from).body;
  if (body.awaits_continue) {
    const auto verdict = recognise(bytes);
    if (verdict == Verdict::kMore) { return 0; }
    body.awaits_continue = false;
    if (verdict == Verdict::kYes) {
      side(from).body.reset();
      return on_head(from, bytes, at, out);
    }
  }
  const auto step = body.frames.next(bytes);
  if (body.frames.broken()) {
    out.observe(at, from, "http.chunk", observation::Damage{.what = "a chunk without size or end"});
    side(from) = {.body = {}, .lost = true};
    return on_no_head(from, bytes, out);
  }
  if (!step.content.empty() && body.document != nullptr) {
    body.document->on_content(from, step.content, at, out);
  }
  settle_body(from, at, out);
  return step.used;
}

/// What follows from the state of the body: it is passed over, it is over, or the flow is left.
void HttpDissector::settle_body(Side from, Instant at, Findings& out) {
  auto& body = *side(from).body;
  if (body.document != nullptr && !body.document->wanted()) { body.document.reset(); }
  if (body.document == nullptr && !body.awaits_continue) {
    if (body.frames.until_close()) {
      out.leave();
    } else {
      out.skip(body.frames.pass_over());
    }
  }
  if (body.frames.done()) { end_body(from, at, out); }
}

void HttpDissector::end_body(Side from, Instant at, Findings& out) {
  auto body = std::move(*std::exchange(side(from).body, std::nullopt));
  if (body.document == nullptr) { return; }
  if (body.goes_on_at > 0) {
    part_ = Part{.target = std::move(body.target),
                 .next = body.goes_on_at,
                 .document = std::move(body.document)};
  } else {
    body.document->on_end(from, at, out);
  }
}

void HttpDissector::on_gap(Side from, std::uint64_t size, Instant at, Findings& out) {
  auto& body = side(from).body;
  if (body.has_value() && body->frames.on_gap(size)) {
    body->awaits_continue = false;
    if (body->document != nullptr) { body->document->on_gap(from, at, out); }
    if (body->frames.done()) { end_body(from, at, out); }
    return;
  }
  side(from) = {.body = {}, .lost = true};
  // Answers may be among what is missing.
  if (client_ == other(from)) { requests_.clear(); }
}

void HttpDissector::on_end(Side from, Instant at, Findings& out) {
  if (side(from).body.has_value()) { end_body(from, at, out); }
}

}  // namespace remora::http
