#include "daemon/watch/connection.h"

#include <array>
#include <chrono>
#include <optional>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

namespace remora::watch {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t kMaxHead = std::size_t{8} << 10U;
constexpr std::chrono::seconds kTime{5};

/// Each handler holds its connection, which lives as long as one is under way.
class HttpConnection final : public Connection,
                             public std::enable_shared_from_this<HttpConnection> {
 public:
  HttpConnection(tcp::socket socket, std::shared_ptr<const Service> service)
      : stream_{std::move(socket)}, service_{std::move(service)} {
    error_code ignored;
    local_ = stream_.socket().local_endpoint(ignored).address();
    parser_.header_limit(kMaxHead);
    parser_.body_limit(std::uint64_t{0});
  }
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;
  HttpConnection(HttpConnection&&) = delete;
  HttpConnection& operator=(HttpConnection&&) = delete;
  ~HttpConnection() override { service_->on_gone(); }

  void start() {
    // For all that is done with the stream from here on; it is not set again.
    stream_.expires_after(kTime);
    http::async_read_header(
        stream_, buffer_, parser_,
        [self = shared_from_this()](error_code error, std::size_t) { self->on_head(error); });
  }

  void close() override {
    closed_ = true;
    stream_.close();
  }

 private:
  void on_head(error_code error) {
    if (closed_) { return; }
    if (auto response = respond(error); response.has_value()) { write(std::move(*response)); }
  }

  /// Nothing where nobody is there who could read it.
  [[nodiscard]] std::optional<Response> respond(error_code error) const {
    if (error == http::error::header_limit || error == http::error::buffer_overflow) {
      return refusal(http::status::request_header_fields_too_large, "the head is too long");
    }
    if (error == http::error::body_limit || (!error && parser_.chunked())) {
      return refusal(http::status::payload_too_large, "no body is wanted");
    }
    if (!error) {
      return answer(parser_.get(), service_->answers, service_->configured_host, local_);
    }
    // Beast's own errors are of what the client sent, but for that it left.
    const bool is_of_http = error.category() == http::make_error_code({}).category();
    if (!is_of_http || error == http::error::end_of_stream ||
        error == http::error::partial_message) {
      return std::nullopt;
    }
    return refusal(http::status::bad_request, "this is no HTTP/1.1 request");
  }

  void write(Response response) {
    response_ = std::move(response);
    http::async_write(stream_, response_,
                      [self = shared_from_this()](error_code error, std::size_t) {
                        if (error || self->closed_) { return; }
                        error_code ignored;
                        (void)self->stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
                        self->discard();
                      });
  }

  /// Closing with bytes unread would reset the connection, and the client might lose the answer.
  void discard() {
    stream_.async_read_some(asio::buffer(rest_),
                            [self = shared_from_this()](error_code error, std::size_t) {
                              if (!error && !self->closed_) { self->discard(); }
                            });
  }

  beast::tcp_stream stream_;
  std::shared_ptr<const Service> service_;
  asio::ip::address local_;
  beast::flat_buffer buffer_{kMaxHead + 1};
  http::request_parser<http::empty_body> parser_;
  Response response_;
  std::array<char, 1024> rest_{};
  bool closed_{false};
};

}  // namespace

std::weak_ptr<Connection> serve(tcp::socket socket, std::shared_ptr<const Service> service) {
  auto connection = std::make_shared<HttpConnection>(std::move(socket), std::move(service));
  connection->start();
  return connection;
}

}  // namespace remora::watch
