#include "daemon/confine/descriptor_passing.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

namespace remora::confine {
namespace {

constexpr int kPatienceMs = 10'000;

// One byte, and room for one descriptor beside it; laid out as cmsg(3) and unix(7) have it.
struct Message {
  Message() {
    header.msg_iov = &bytes;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
  }
  Message(const Message&) = delete;
  Message& operator=(const Message&) = delete;
  Message(Message&&) = delete;
  Message& operator=(Message&&) = delete;
  ~Message() = default;

  char byte = 'd';
  iovec bytes{.iov_base = &byte, .iov_len = 1};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  msghdr header{};
};

tl::unexpected<std::string> failure(const char* what, const char* why) {
  return tl::unexpected{std::string{"between supervisor and sensor: "} + what + ": " + why +
                        "; look for what was said before of either"};
}

}  // namespace

tl::expected<void, std::string> send_descriptor(int socket, const Descriptor& descriptor) {
  Message message;
  auto* attached = CMSG_FIRSTHDR(&message.header);
  attached->cmsg_level = SOL_SOCKET;
  attached->cmsg_type = SCM_RIGHTS;
  attached->cmsg_len = CMSG_LEN(sizeof(int));
  const int number = descriptor.number();
  std::memcpy(CMSG_DATA(attached), &number, sizeof(number));
  if (::sendmsg(socket, &message.header, MSG_NOSIGNAL) != 1) {
    return failure("a descriptor cannot be sent", std::strerror(errno));
  }
  return {};
}

tl::expected<Descriptor, std::string> receive_descriptor(int socket) {
  pollfd waiting{.fd = socket, .events = POLLIN, .revents = 0};
  if (::poll(&waiting, 1, kPatienceMs) != 1) {
    return failure("no descriptor came", "the other is too slow, or this one is to end");
  }
  Message message;
  if (::recvmsg(socket, &message.header, MSG_CMSG_CLOEXEC) != 1) {
    return failure("no descriptor came", "the other has ended");
  }
  const auto* attached = CMSG_FIRSTHDR(&message.header);
  if (attached == nullptr || attached->cmsg_level != SOL_SOCKET ||
      attached->cmsg_type != SCM_RIGHTS || attached->cmsg_len != CMSG_LEN(sizeof(int))) {
    return failure("no descriptor came", "something else did");
  }
  int number = -1;
  std::memcpy(&number, CMSG_DATA(attached), sizeof(number));
  return Descriptor{number};
}

}  // namespace remora::confine
