#include "daemon/confine/packet_sockets.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "daemon/confine/descriptor_passing.h"
#include "daemon/confine/socket_numbers.h"

namespace remora::confine {
namespace {

/// Which descriptors of one kind the sensor has.
class Numbers {
 public:
  explicit Numbers(unsigned first) : first_{first} {}

  /// A free one, or -1. Goes round: one that was just closed comes last, for the sensor is told
  /// that it may close before it has closed.
  [[nodiscard]] int free_one() const {
    for (unsigned tried = 0; tried < kSocketsOfAKind; ++tried) {
      const unsigned place = (next_ + tried) % kSocketsOfAKind;
      if (!taken_.at(place)) { return static_cast<int>(first_ + place); }
    }
    return -1;
  }
  void take(int number) {
    const unsigned place = static_cast<unsigned>(number) - first_;
    taken_.at(place) = true;
    next_ = (place + 1) % kSocketsOfAKind;
  }
  void give_back(unsigned number) {
    if (number >= first_ && number - first_ < kSocketsOfAKind) {
      taken_.at(number - first_) = false;
    }
  }

 private:
  unsigned first_;
  std::array<bool, kSocketsOfAKind> taken_{};
  unsigned next_ = 0;
};

// What the kernel tells and is told, with room for what later kernels add (seccomp_unotify(2)); all
// of it has to be zero before.
using Room = std::array<std::uint64_t, 16>;
struct Call {
  seccomp_notif told{};
  Room of_later_kernels{};
};
struct Response {
  seccomp_notif_resp told{};
  Room of_later_kernels{};
};

constexpr int kFlags = SOCK_CLOEXEC | SOCK_NONBLOCK;

}  // namespace

struct PacketSockets::Parts {
  explicit Parts(Descriptor from) : listener{std::move(from)} {}

  void make_socket();
  void give(const Descriptor& socket, Numbers& numbers, bool close_on_exec);
  void reply(int error, std::uint32_t flags = 0);

  Descriptor listener;
  Call call;
  Numbers packet{kPacketSockets};
  Numbers request{kRequestSockets};
};

void PacketSockets::Parts::reply(int error, std::uint32_t flags) {
  Response response;
  response.told = {.id = call.told.id, .val = 0, .error = -error, .flags = flags};
  // Fails when the sensor no longer waits: there is nobody to tell then.
  (void)::ioctl(listener.number(), SECCOMP_IOCTL_NOTIF_SEND, &response);
}

void PacketSockets::Parts::give(const Descriptor& socket, Numbers& numbers, bool close_on_exec) {
  const int number = numbers.free_one();
  if (number < 0) { return reply(EMFILE); }
  seccomp_notif_addfd given{
      .id = call.told.id,
      .flags = SECCOMP_ADDFD_FLAG_SETFD | SECCOMP_ADDFD_FLAG_SEND,
      .srcfd = static_cast<std::uint32_t>(socket.number()),
      .newfd = static_cast<std::uint32_t>(number),
      .newfd_flags = close_on_exec ? static_cast<std::uint32_t>(O_CLOEXEC) : 0};
  if (::ioctl(listener.number(), SECCOMP_IOCTL_NOTIF_ADDFD, &given) < 0) { return reply(EMFILE); }
  numbers.take(number);
}

void PacketSockets::Parts::make_socket() {
  const auto family = static_cast<int>(call.told.data.args[0]);
  const auto type = static_cast<int>(call.told.data.args[1]);
  const auto protocol = static_cast<int>(call.told.data.args[2]);
  const int kind = type & ~kFlags;
  const bool captures = family == AF_PACKET && (kind == SOCK_RAW || kind == SOCK_DGRAM);
  const bool asks = family == AF_UNIX && (kind == SOCK_RAW || kind == SOCK_DGRAM) && protocol == 0;
  if (!captures && !asks) { return reply(EPERM); }
  const Descriptor made{::socket(family, type | SOCK_CLOEXEC, protocol)};
  if (made.number() < 0) { return reply(errno); }
  give(made, captures ? packet : request, (type & SOCK_CLOEXEC) != 0);
}

tl::expected<PacketSockets, std::string> PacketSockets::receive(int sensor) {
  auto listener = receive_descriptor(sensor);
  if (!listener) { return tl::unexpected{std::move(listener.error())}; }
  seccomp_notif_sizes sizes{};
  if (::syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes) != 0 ||
      sizes.seccomp_notif > sizeof(Call) || sizes.seccomp_notif_resp > sizeof(Response)) {
    return tl::unexpected{std::string{
        "sensor: this kernel tells of calls in a way that is not known here; please report it"}};
  }
  return PacketSockets{std::make_unique<Parts>(std::move(*listener))};
}

PacketSockets::PacketSockets(std::unique_ptr<Parts> parts) : parts_{std::move(parts)} {}
PacketSockets::PacketSockets(PacketSockets&&) noexcept = default;
PacketSockets& PacketSockets::operator=(PacketSockets&&) noexcept = default;
PacketSockets::~PacketSockets() = default;

int PacketSockets::descriptor() const {
  return parts_->listener.number();
}

PacketSockets::Answered PacketSockets::answer() {
  pollfd asked{.fd = descriptor(), .events = POLLIN, .revents = 0};
  if (::poll(&asked, 1, 0) < 1) { return Answered::kNothing; }
  if ((asked.revents & POLLIN) == 0) { return Answered::kSensorHasEnded; }
  parts_->call = {};
  if (::ioctl(descriptor(), SECCOMP_IOCTL_NOTIF_RECV, &parts_->call) != 0) {
    // The call may be gone by now: interrupted, or its thread ended. Nothing else is to be expected
    // here, and a descriptor that stays readable is not to be asked for ever.
    return errno == ENOENT || errno == EINTR ? Answered::kNothing : Answered::kSensorHasEnded;
  }
  const auto& data = parts_->call.told.data;
  if (data.nr == SCMP_SYS(close)) {
    const auto number = static_cast<unsigned>(data.args[0]);
    parts_->packet.give_back(number);
    parts_->request.give_back(number);
    parts_->reply(0, SECCOMP_USER_NOTIF_FLAG_CONTINUE);
  } else {
    parts_->make_socket();
  }
  return Answered::kOne;
}

}  // namespace remora::confine
