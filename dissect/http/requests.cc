#include "dissect/http/requests.h"

#include <array>
#include <string_view>
#include <utility>

#include "dissect/http/document_name.h"

namespace remora::http {
namespace {

[[nodiscard]] Request::Kind kind_of(std::string_view method) {
  using Kind = Request::Kind;
  constexpr std::array<std::pair<std::string_view, Kind>, 6> kKinds{{{"GET", Kind::kGet},
                                                                     {"HEAD", Kind::kHead},
                                                                     {"CONNECT", Kind::kConnect},
                                                                     {"DELETE", Kind::kDelete},
                                                                     {"MOVE", Kind::kMove},
                                                                     {"COPY", Kind::kCopy}}};
  for (const auto& [name, kind] : kKinds) {
    if (method == name) { return kind; }
  }
  return Kind::kOther;
}

[[nodiscard]] std::string within_limit(std::string_view text) {
  return text.size() > kMaxPlaceBytes ? std::string{} : std::string{text};
}

}  // namespace

Request request_of(const http_head::HttpHead& head) {
  Request request{.kind = kind_of(head.method), .target = within_limit(head.target)};
  if (request.kind == Request::Kind::kMove || request.kind == Request::Kind::kCopy) {
    request.destination = within_limit(head.find("destination").value_or(std::string_view{}));
  }
  return request;
}

void Requests::add(Request request) {
  if (counted_ > 0 || kept_.size() == kMaxKept) {
    ++counted_;
  } else {
    kept_.push_back(std::move(request));
  }
}

Request Requests::take_answered() {
  if (kept_.empty()) {
    if (counted_ > 0) { --counted_; }
    return {};
  }
  auto answered = std::move(kept_.front());
  kept_.erase(kept_.begin());
  return answered;
}

void Requests::clear() {
  kept_.clear();
  counted_ = 0;
}

}  // namespace remora::http
