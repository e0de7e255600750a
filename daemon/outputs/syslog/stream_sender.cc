#include "daemon/outputs/syslog/stream_sender.h"

#include <algorithm>
#include <utility>

namespace remora::outputs::syslog {
namespace {

std::chrono::milliseconds left_of(net::Deadline deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      deadline - std::chrono::steady_clock::now());
  return std::max(left, std::chrono::milliseconds{1});
}

}  // namespace

StreamSender::StreamSender(Settings settings) : settings_{std::move(settings)} {}

StreamSender::Result StreamSender::connect(net::Deadline deadline) {
  if (connection_.has_value()) {
    // A receiver has nothing to say: whatever is there is its end.
    const auto now = std::chrono::steady_clock::now();
    if (connection_->wait_for_end(now).what == net::Arrival::What::kNothing) { return {}; }
    connection_.reset();
  }
  auto made = net::Connection::connect(settings_.address, settings_.tls, left_of(deadline));
  if (!made.has_value()) { return tl::unexpected{made.error()}; }
  connection_.emplace(std::move(*made));
  return {};
}

StreamSender::Result StreamSender::end(net::Connection& connection, net::Deadline deadline) {
  if (auto ended = connection.finish_writing(deadline); !ended.has_value()) { return ended; }
  const auto arrival = connection.wait_for_end(deadline);
  switch (arrival.what) {
    case net::Arrival::What::kEnd:
      return {};
    case net::Arrival::What::kBytes:
      return tl::unexpected{connection.peer() + ": it answered; is it a syslog receiver?"};
    case net::Arrival::What::kNothing:
      return tl::unexpected{connection.peer() +
                            ": it does not end the connection, so nothing proves that it has the "
                            "events; raise timeout, or set confirm: false"};
    case net::Arrival::What::kCut:
    case net::Arrival::What::kBroken:
      break;
  }
  return tl::unexpected{arrival.problem};
}

StreamSender::Result StreamSender::prove_life(net::Deadline deadline) const {
  auto second = net::Connection::connect(settings_.address, settings_.tls, left_of(deadline));
  if (!second.has_value()) { return tl::unexpected{second.error()}; }
  return end(*second, deadline);
}

StreamSender::Result StreamSender::send(std::string_view bytes) {
  const auto deadline = net::in(settings_.timeout);
  auto result = connect(deadline);
  if (result.has_value()) { result = connection_->write(bytes, deadline); }
  if (result.has_value() && settings_.confirm) {
    result = end(*connection_, deadline);
    connection_.reset();
    if (result.has_value() && !settings_.tls.enabled) { result = prove_life(deadline); }
  }
  if (!result.has_value()) { connection_.reset(); }
  return result;
}

}  // namespace remora::outputs::syslog
