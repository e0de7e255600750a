#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include <boost/asio/ip/address.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

namespace remora::watch {

struct Verdict {
  bool good{false};
  std::string reason{};  ///< one line, for people: also of a good one
};

/// Who knows the answers. They are asked on the thread of the server's io_context, throw nothing,
/// and take no longer than everything else there can wait.
struct Answers {
  std::function<std::string()> metrics;  ///< in Prometheus's text format (`to_prometheus`)
  std::function<Verdict()> healthy;      ///< alive, or to be started anew
  std::function<Verdict()> ready;        ///< capturing, and able to spool
  /// The open sessions as an array of JSON, at most so many.
  std::function<std::string(std::size_t limit)> sessions;
};

using Request = boost::beast::http::request<boost::beast::http::empty_body>;
using Response = boost::beast::http::response<boost::beast::http::string_body>;

/// What a request without a body gets. `configured` and `local` are for `is_own_host`.
[[nodiscard]] Response answer(const Request& request, const Answers& answers,
                              const std::string& configured, const boost::asio::ip::address& local);

/// What one gets that cannot be read; `text` is for people.
[[nodiscard]] Response refusal(boost::beast::http::status code, const std::string& text);

}  // namespace remora::watch
