#include "daemon/net/end_in_order.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <thread>
#include <utility>

namespace remora::net {
namespace {

using Result = tl::expected<void, std::string>;
using What = Arrival::What;

constexpr std::chrono::milliseconds kLookAgain{1};

[[nodiscard]] Result not_yet_ended(Connection& connection) {
  std::array<char, 1> lost{};
  auto arrival = connection.read_some(lost, Deadline{});
  switch (arrival.what) {
    case What::kNothing:
      return {};
    case What::kBytes:
      return tl::unexpected{connection.peer() +
                            ": it answered; does it speak the protocol that is configured?"};
    case What::kEnd:
      return tl::unexpected{connection.peer() +
                            ": it ended the connection before it had all; does it stop, or refuse "
                            "us?"};
    case What::kCut:
    case What::kBroken:
      break;
  }
  return tl::unexpected{std::move(arrival.problem)};
}

[[nodiscard]] Result wait_for_its_end(Connection& connection, Deadline deadline) {
  auto arrival = connection.wait_for_end(deadline);
  switch (arrival.what) {
    case What::kEnd:
      return {};
    case What::kBytes:
      return tl::unexpected{connection.peer() +
                            ": it answered; does it speak the protocol that is configured?"};
    case What::kNothing:
      return tl::unexpected{
          connection.peer() +
          ": it does not end the connection, so nothing proves that it has all; raise the timeout"};
    case What::kCut:
    case What::kBroken:
      break;
  }
  return tl::unexpected{std::move(arrival.problem)};
}

/// Linux keeps a reset that follows the peer's end in SO_ERROR; reading does not tell it.
[[nodiscard]] int pending_error(int socket) {
  int error = 0;
  socklen_t size = sizeof error;
  return ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

/// Of what was written, and of our end.
[[nodiscard]] Result wait_for_acknowledgement(Connection& connection, Deadline deadline) {
  while (true) {
    int left = 0;
    const bool known = ::ioctl(connection.socket(), SIOCOUTQ, &left) == 0;
    const int error = known ? pending_error(connection.socket()) : errno;
    if (error != 0) {
      return tl::unexpected{connection.peer() +
                            ": it broke the connection: " + std::strerror(error)};
    }
    if (left == 0) { return {}; }
    if (std::chrono::steady_clock::now() >= deadline) {
      return tl::unexpected{connection.peer() + ": its system does not acknowledge all in time"};
    }
    // Nothing tells when that changes.
    std::this_thread::sleep_for(kLookAgain);
  }
}

}  // namespace

Result end_in_order(Connection& connection, Deadline deadline) {
  auto result = not_yet_ended(connection);
  if (result.has_value()) { result = connection.finish_writing(deadline); }
  if (result.has_value()) { result = wait_for_its_end(connection, deadline); }
  if (result.has_value()) { result = wait_for_acknowledgement(connection, deadline); }
  return result;
}

}  // namespace remora::net
