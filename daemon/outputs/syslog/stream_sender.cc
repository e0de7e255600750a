#include "daemon/outputs/syslog/stream_sender.h"

#include <algorithm>
#include <array>
#include <utility>

#include "daemon/net/end_in_order.h"

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
    std::array<char, 1> lost{};
    if (connection_->read_some(lost, net::Deadline{}).what == net::Arrival::What::kNothing) {
      return {};
    }
    connection_.reset();
  }
  auto made = net::Connection::connect(settings_.address, settings_.tls, left_of(deadline));
  if (!made.has_value()) { return tl::unexpected{made.error()}; }
  connection_.emplace(std::move(*made));
  return {};
}

StreamSender::Result StreamSender::prove_life(net::Deadline deadline) const {
  auto second = net::Connection::connect(settings_.address, settings_.tls, left_of(deadline));
  if (!second.has_value()) { return tl::unexpected{second.error()}; }
  return net::end_in_order(*second, deadline);
}

StreamSender::Result StreamSender::send(std::string_view bytes) {
  const auto deadline = net::in(settings_.timeout);
  auto result = connect(deadline);
  if (result.has_value()) { result = connection_->write(bytes, deadline); }
  if (result.has_value() && settings_.confirm) {
    result = net::end_in_order(*connection_, deadline);
    connection_.reset();
    if (result.has_value()) { result = prove_life(deadline); }
  }
  if (!result.has_value()) { connection_.reset(); }
  return result;
}

}  // namespace remora::outputs::syslog
