#include <algorithm>
#include <cerrno>
#include <net/if.h>
#include <netpacket/packet.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <pcap/pcap.h>

#include "capture/live/platform.h"

namespace remora::capture::platform {
namespace {

/// The interface that a packet socket is bound to: 0 for all, -1 once it was deleted (packet(7)).
int bound_to(int descriptor) {
  sockaddr_ll address{};
  socklen_t size = sizeof address;
  auto* generic = static_cast<sockaddr*>(static_cast<void*>(&address));
  return ::getsockname(descriptor, generic, &size) == 0 ? address.sll_ifindex : -1;
}

ifreq question_about(const std::string& name) {
  ifreq question{};
  std::copy_n(name.begin(), std::min(name.size(), sizeof question.ifr_name - 1),
              std::begin(question.ifr_name));
  return question;
}

}  // namespace

tl::expected<void, std::string> prepare() {
  return {};
}

Waitable waitable(pcap* handle) {
  return pcap_get_selectable_fd(handle);
}

// libpcap tells too little of this (1.10.3, pcap-linux.c, pcap_wait_for_frames_mmap; tried with
// veth):
// - Down: the socket has ENETDOWN once, pcap_dispatch takes it and returns 0. The socket stays
// bound
//   and goes on by itself when the interface is up, with the same ring.
// - Deleted: as down, and the socket is bound to -1 for good, whatever comes under the same name.
//   pcap_dispatch then fails with "The interface disappeared"; frames in the ring can still be
//   read.
// - Renamed: the socket goes on under the new name, and libpcap asks for the old one when next it
//   goes down, and takes it for deleted. Here the name counts, as it will at the next start.
Presence presence(pcap* handle, const std::string& name) {
  const int descriptor = pcap_fileno(handle);
  const int bound = bound_to(descriptor);
  if (bound == 0) { return Presence::kUp; }  // the device "any" is always there
  if (bound < 0) { return Presence::kGone; }
  // Packet sockets answer netdevice(7) without rights, so no other socket is needed.
  auto question = question_about(name);
  if (::ioctl(descriptor, SIOCGIFINDEX, &question) != 0 || question.ifr_ifindex != bound) {
    return Presence::kGone;
  }
  question = question_about(name);
  if (::ioctl(descriptor, SIOCGIFFLAGS, &question) != 0) { return Presence::kGone; }
  return (question.ifr_flags & IFF_UP) != 0 ? Presence::kUp : Presence::kDown;
}

std::string advice_on_rights() {
  return "capturing needs CAP_NET_RAW";
}

}  // namespace remora::capture::platform
