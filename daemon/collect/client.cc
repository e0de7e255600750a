#include "daemon/collect/client.h"

#include <cstddef>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include "daemon/collect/dialogue.h"

namespace remora::collect {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t kReadBytes = std::size_t{256} << 10U;
constexpr std::size_t kMaxUnreadAnswers = std::size_t{64} << 10U;
/// After goodbye, for the client to take it and to close its side.
constexpr std::chrono::seconds kLeave{2};

/// Each handler holds its client, which lives until its connection is closed and no operation is
/// under way.
template <typename Stream>
class StreamClient final : public Client,
                           public std::enable_shared_from_this<StreamClient<Stream>> {
 public:
  template <typename... Of>
  StreamClient(Host& host, Patience patience, Of&&... of)
      : host_{&host},
        patience_{patience},
        stream_{std::forward<Of>(of)...},
        timer_{stream_.get_executor()},
        dialogue_{[&host](const v1::Event& event, std::string_view bytes) {
          return host.on_event(event, bytes);
        }},
        buffer_(kReadBytes) {}

  void start() override {
    give(patience_.greeting);
    if constexpr (kTls) {
      stream_.async_handshake(asio::ssl::stream_base::server,
                              [self = this->shared_from_this()](error_code error) {
                                if (error) { return self->close(); }
                                self->ready_ = true;
                                self->read();
                              });
    } else {
      ready_ = true;
      read();
    }
  }

  void on_durable() override {
    dialogue_.on_durable();
    go_on();
  }

  void stop(v1::Goodbye::Reason reason, const std::string& text) override {
    if (!ready_) { return close(); }
    dialogue_.say_goodbye(reason, text);
    go_on();
  }

 private:
  static constexpr bool kTls = !std::is_same_v<Stream, tcp::socket>;

  void give(std::chrono::milliseconds time) {
    timer_.expires_after(time);
    timer_.async_wait([self = this->shared_from_this()](error_code error) {
      // A new time may have been given while this was on its way.
      const bool over = self->timer_.expiry() <= std::chrono::steady_clock::now();
      if (!error && over) { self->on_time_over(); }
    });
  }

  void on_time_over() {
    if (dialogue_.finished()) { return close(); }
    give(kLeave);
    stop(v1::Goodbye::IDLE, "no whole frame came for too long");
  }

  void read() {
    if (closed_ || reading_ || dialogue_.finished() || dialogue_.awaits_durability() ||
        dialogue_.output_bytes() > kMaxUnreadAnswers) {
      return;
    }
    reading_ = true;
    stream_.async_read_some(asio::buffer(buffer_),
                            [self = this->shared_from_this()](error_code error, std::size_t size) {
                              self->reading_ = false;
                              self->on_read(error, size);
                            });
  }

  void on_read(error_code error, std::size_t size) {
    if (leaving_) { return part(); }
    if (error) { return close(); }
    const auto frames = dialogue_.frames();
    dialogue_.on_bytes({buffer_.data(), size});
    if (dialogue_.frames() != frames && !dialogue_.finished()) { give(patience_.idle); }
    if (dialogue_.awaits_durability()) { host_->on_events_wait(); }
    go_on();
  }

  void write() {
    if (closed_ || writing_ || leaving_) { return; }
    sending_ = dialogue_.take_output();
    if (sending_.empty()) {
      if (dialogue_.finished()) { leave(); }
      return;
    }
    writing_ = true;
    asio::async_write(stream_, asio::buffer(sending_),
                      [self = this->shared_from_this()](error_code error, std::size_t) {
                        self->writing_ = false;
                        if (error) { return self->close(); }
                        self->go_on();
                      });
  }

  void go_on() {
    write();
    read();
  }

  /// A stream that is shut down must do nothing else.
  void leave() {
    leaving_ = true;
    give(kLeave);
    if (!reading_) { return part(); }
    error_code ignored;
    (void)socket().cancel(ignored);
  }

  /// Closing with bytes unread would reset the connection, and the client might lose the goodbye.
  void part() {
    if (closed_) { return; }
    if constexpr (kTls) {
      stream_.async_shutdown([self = this->shared_from_this()](error_code) { self->drain(); });
    } else {
      drain();
    }
  }

  void drain() {
    if (closed_) { return; }
    error_code ignored;
    (void)socket().shutdown(tcp::socket::shutdown_send, ignored);
    discard();
  }

  void discard() {
    socket().async_read_some(asio::buffer(buffer_),
                             [self = this->shared_from_this()](error_code error, std::size_t) {
                               if (error) { return self->close(); }
                               self->discard();
                             });
  }

  void close() {
    if (std::exchange(closed_, true)) { return; }
    error_code ignored;
    (void)socket().close(ignored);
    (void)timer_.cancel();
    host_->on_gone(*this);
  }

  tcp::socket& socket() {
    if constexpr (kTls) {
      return stream_.next_layer();
    } else {
      return stream_;
    }
  }

  Host* host_;
  Patience patience_;
  Stream stream_;
  asio::steady_timer timer_;
  Dialogue dialogue_;
  std::vector<char> buffer_;
  std::string sending_;
  bool ready_{false};  ///< to speak the protocol
  bool reading_{false};
  bool writing_{false};
  bool leaving_{false};
  bool closed_{false};
};

}  // namespace

std::shared_ptr<Client> make_client(tcp::socket socket, asio::ssl::context* tls, Host& host,
                                    Patience patience) {
  if (tls == nullptr) {
    return std::make_shared<StreamClient<tcp::socket>>(host, patience, std::move(socket));
  }
  return std::make_shared<StreamClient<asio::ssl::stream<tcp::socket>>>(host, patience,
                                                                        std::move(socket), *tls);
}

}  // namespace remora::collect
