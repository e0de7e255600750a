#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "dissect/http_head/http_head.h"

namespace remora::http {

/// What a request wants, as far as its answer must be read with it.
struct Request {
  enum class Kind : std::uint8_t { kOther, kGet, kHead, kConnect, kDelete, kMove, kCopy };
  Kind kind{Kind::kOther};
  std::string target{};       ///< as sent; empty beyond kMaxPlaceBytes
  std::string destination{};  ///< of MOVE and COPY, RFC 4918 10.3
};

[[nodiscard]] Request request_of(const http_head::HttpHead& head);

/// The requests that wait for their answers: several, where the client pipelines (RFC 9112 9.3.2).
///
/// State: LIMIT kMaxKept of them; those behind are counted, and unknown when they are answered.
class Requests {
 public:
  static constexpr std::size_t kMaxKept = 16;

  void add(Request request);
  /// The one that the next final answer belongs to; an unknown one where none waits.
  [[nodiscard]] Request take_answered();
  [[nodiscard]] const Request* next() const { return kept_.empty() ? nullptr : &kept_.front(); }
  /// Answers were lost: which belongs to which is not known.
  void clear();

 private:
  std::vector<Request> kept_;
  std::uint64_t counted_{0};  ///< behind those kept
};

}  // namespace remora::http
