#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include "remora/v1/collector.pb.h"
#include "remora/v1/event.pb.h"

namespace remora::collect {

class Client;

/// What a client needs of its collector, which outlives it.
class Host {
 public:
  Host() = default;
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;
  Host(Host&&) = delete;
  Host& operator=(Host&&) = delete;
  virtual ~Host() = default;

  /// False: it cannot be stored.
  [[nodiscard]] virtual bool on_event(const v1::Event& event, std::string_view bytes) = 0;
  /// There are events to be made durable.
  virtual void on_events_wait() = 0;
  /// Its connection is closed.
  virtual void on_gone(Client& client) = 0;
};

/// The connection of a client. While its events are not durable nothing more is read of it.
class Client {
 public:
  Client() = default;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  Client(Client&&) = delete;
  Client& operator=(Client&&) = delete;
  virtual ~Client() = default;

  virtual void start() = 0;
  /// What the client gave so far is durable.
  virtual void on_durable() = 0;
  /// Says goodbye and closes, soon.
  virtual void stop(v1::Goodbye::Reason reason, const std::string& text) = 0;
};

/// How long a client may take: for its greeting, and from frame to frame.
struct Patience {
  std::chrono::milliseconds greeting{std::chrono::seconds{10}};
  std::chrono::milliseconds idle{std::chrono::minutes{10}};
};

/// `tls` null: plain TCP. The context must outlive the client.
[[nodiscard]] std::shared_ptr<Client> make_client(boost::asio::ip::tcp::socket socket,
                                                  boost::asio::ssl::context* tls, Host& host,
                                                  Patience patience);

}  // namespace remora::collect
