#include "daemon/processes/channel.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <utility>

#include <boost/asio/post.hpp>

namespace remora::processes {
namespace {

constexpr std::size_t kMaxMessage = std::size_t{8} << 20U;
constexpr std::size_t kReadBytes = std::size_t{64} << 10U;
/// SCM_MAX_FD of the kernel is 253: so many of one message, and of all that nobody took.
constexpr std::size_t kMaxDescriptors = 253;
constexpr int kBuffer = 1 << 20;

std::string system_text(const char* what) {
  return std::string{what} + ": " + std::strerror(errno);
}

/// Where descriptors lie beside the bytes of a message, unix(7).
struct Control {
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * kMaxDescriptors)> bytes{};
};

}  // namespace

tl::expected<Pair, std::string> make_pair() {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) != 0) {
    return tl::unexpected{system_text("socketpair")};
  }
  for (const auto end : ends) {
    // As far as the system lets it.
    (void)setsockopt(end, SOL_SOCKET, SO_SNDBUF, &kBuffer, sizeof kBuffer);
  }
  return Pair{Descriptor{ends[0]}, Descriptor{ends[1]}};
}

Channel::Channel(boost::asio::io_context& io, Descriptor end)
    : io_{io}, stream_{io, end.release()}, frames_{kMaxMessage} {
  stream_.native_non_blocking(true);
}

void Channel::listen(OnMessage on_message, OnEnd on_end) {
  on_message_ = std::move(on_message);
  on_end_ = std::move(on_end);
  wait_for_input();
}

void Channel::resume() {
  if (!paused_) { return; }
  paused_ = false;
  // Not from here: the caller may be in the middle of a message.
  boost::asio::post(io_, [this] {
    tell_messages();
    wait_for_input();
  });
}

void Channel::wait_for_input() {
  if (reading_ || paused_ || !stream_.is_open()) { return; }
  reading_ = true;
  stream_.async_wait(stream_.wait_read, [this](const boost::system::error_code& error) {
    reading_ = false;
    if (error || !stream_.is_open()) { return; }
    read_some();
    wait_for_input();
  });
}

void Channel::read_some() {
  std::array<char, kReadBytes> bytes;  // NOLINT(*-member-init): read into
  Control control;
  iovec part{.iov_base = bytes.data(), .iov_len = bytes.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes.data();
  message.msg_controllen = control.bytes.size();
  const auto got = recvmsg(stream_.native_handle(), &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
  if (got < 0) {
    if (errno != EAGAIN && errno != EINTR) { end(system_text("recvmsg")); }
    return;
  }
  for (auto* header = CMSG_FIRSTHDR(&message); header != nullptr;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) { continue; }
    const auto count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t index = 0; index < count; ++index) {
      int number = -1;
      std::memcpy(&number, CMSG_DATA(header) + index * sizeof number, sizeof number);
      Descriptor descriptor{number};
      if (descriptors_.size() < kMaxDescriptors) { descriptors_.push_back(std::move(descriptor)); }
    }
  }
  if (got == 0) { return end(frames_.held_bytes() > 0 ? "ended within a message" : ""); }
  frames_.append({bytes.data(), static_cast<std::size_t>(got)});
  tell_messages();
}

void Channel::tell_messages() {
  while (!paused_ && stream_.is_open()) {
    const auto frame = frames_.next();
    if (!frame.has_value()) { return end(frame.error()); }
    if (!frame->has_value()) { return; }
    on_message_(**frame, descriptors_);
  }
}

void Channel::send(std::string_view message) {
  if (!stream_.is_open()) { return; }
  if (sent_ > kMaxMessage) {
    unsent_.erase(0, sent_);
    sent_ = 0;
  }
  append_delimited(unsent_, message);
  if (!writing_) { write_some(); }
}

/// write(2), not sendmsg(2): a confined sensor must not reach anything by naming it.
void Channel::write_some() {
  writing_ = false;
  while (sent_ < unsent_.size()) {
    const auto wrote =
        ::write(stream_.native_handle(), unsent_.data() + sent_, unsent_.size() - sent_);
    if (wrote < 0 && errno == EINTR) { continue; }
    if (wrote < 0 && errno != EAGAIN) {
      // The other side is gone; what it said before that is still read.
      unsent_.clear();
      sent_ = 0;
      return;
    }
    if (wrote < 0) {
      writing_ = true;
      stream_.async_wait(stream_.wait_write, [this](const boost::system::error_code& error) {
        if (!error && stream_.is_open()) { write_some(); }
      });
      return;
    }
    sent_ += static_cast<std::size_t>(wrote);
  }
  unsent_.clear();
  sent_ = 0;
  if (on_drained_) { on_drained_(); }
}

bool Channel::send_now(std::string_view message, std::span<const int> descriptors) {
  if (unsent_bytes() > 0 || !stream_.is_open() || descriptors.size() > kMaxDescriptors) {
    return false;
  }
  std::string frame;
  append_delimited(frame, message);
  Control control;
  iovec part{.iov_base = frame.data(), .iov_len = frame.size()};
  msghdr whole{};
  whole.msg_iov = &part;
  whole.msg_iovlen = 1;
  if (!descriptors.empty()) {
    whole.msg_control = control.bytes.data();
    whole.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
    auto* header = CMSG_FIRSTHDR(&whole);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(descriptors.size_bytes());
    std::memcpy(CMSG_DATA(header), descriptors.data(), descriptors.size_bytes());
  }
  ssize_t sent = -1;
  do {
    sent = sendmsg(stream_.native_handle(), &whole, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  if (sent <= 0) { return false; }
  // The descriptors went with the first byte.
  unsent_.append(frame, static_cast<std::size_t>(sent));
  if (!unsent_.empty()) { write_some(); }
  return true;
}

void Channel::close() {
  boost::system::error_code ignored;
  (void)stream_.close(ignored);
}

void Channel::end(const std::string& problem) {
  if (!stream_.is_open()) { return; }
  close();
  if (on_end_) { on_end_(problem); }
}

}  // namespace remora::processes
