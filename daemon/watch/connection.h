#pragma once

#include <functional>
#include <memory>
#include <string>

#include <boost/asio/ip/tcp.hpp>

#include "daemon/watch/answer.h"

namespace remora::watch {

/// What the connections of a server share; it outlives them.
struct Service {
  Answers answers;
  std::string configured_host;
  std::function<void()> on_gone;  ///< a connection is over
};

/// The connection of a client: one request, its answer, the end. LIMIT: 5 s for all of it, 8 KiB of
/// a request, no body.
class Connection {
 public:
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  Connection(Connection&&) = delete;
  Connection& operator=(Connection&&) = delete;
  virtual ~Connection() = default;

  /// Closes it at once; nothing is asked of the answers any more.
  virtual void close() = 0;
};

/// Begins to serve the client.
[[nodiscard]] std::weak_ptr<Connection> serve(boost::asio::ip::tcp::socket socket,
                                              std::shared_ptr<const Service> service);

}  // namespace remora::watch
