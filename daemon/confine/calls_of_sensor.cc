#include <cerrno>
#include <ctime>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "daemon/confine/calls.h"
#include "daemon/confine/calls_of_all.h"
#include "daemon/confine/descriptor_passing.h"
#include "daemon/confine/socket_numbers.h"

namespace remora::confine {
namespace {

constexpr std::uint32_t kAnyOfAKind = ~(kSocketsOfAKind - 1);
constexpr std::uint32_t kAnyOfBothKinds = ~(2 * kSocketsOfAKind - 1);

// Making a socket is for the supervisor to do; closing one is only told to it, so that it knows the
// number to be free.
tl::expected<void, std::string> hand_sockets_over(int supervisor) {
  CallFilter filter{CallFilter::Otherwise::kAllow};
  filter.hand_over(SCMP_SYS(socket), {});
  filter.hand_over(SCMP_SYS(close), {masked(0, kAnyOfBothKinds, kPacketSockets)});
  if (auto loaded = filter.load(); !loaded) { return loaded; }
  return send_descriptor(supervisor, filter.take_listener());
}

void allow_writing(CallFilter& filter) {
  constexpr std::uint32_t kBelowSockets = ~(kPacketSockets - 1);
  for (const int call :
       {SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(sendmsg), SCMP_SYS(shutdown)}) {
    filter.allow_if(call, {masked(0, kBelowSockets, 0)});
  }
  filter.allow_if(SCMP_SYS(sendto), {masked(0, kBelowSockets, 0), is_null(4)});  // send(2)
}

// What libpcap 1.10 does on Linux (pcap-linux.c); see packet(7). Not
// PACKET_TX_RING: it sends.
void allow_capture(CallFilter& filter) {
  filter.allow({SCMP_SYS(getsockname)});
  filter.allow_if(SCMP_SYS(bind), {masked(0, kAnyOfAKind, kPacketSockets)});
  for (const long option :
       {PACKET_ADD_MEMBERSHIP, PACKET_DROP_MEMBERSHIP, PACKET_AUXDATA, PACKET_VERSION,
        PACKET_RESERVE, PACKET_RX_RING, PACKET_TIMESTAMP, PACKET_IGNORE_OUTGOING}) {
    filter.allow_if(SCMP_SYS(setsockopt), {equals(1, SOL_PACKET), equals(2, option)});
  }
  for (const long option :
       {SO_ATTACH_FILTER, SO_DETACH_FILTER, SO_TIMESTAMP, SO_TIMESTAMPNS, SO_RCVBUF}) {
    filter.allow_if(SCMP_SYS(setsockopt), {equals(1, SOL_SOCKET), equals(2, option)});
  }
  filter.allow_if_among(
      SCMP_SYS(ioctl), 1,
      {SIOCGIFINDEX, SIOCGIFNAME, SIOCGIFHWADDR, SIOCGIFFLAGS, SIOCGIFMTU, SIOCETHTOOL});
}

// Libraries look for files that are not everywhere: that there is none they take well.
void refuse_files(CallFilter& filter) {
  filter.refuse(ENOENT, {SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(openat2), SCMP_SYS(stat),
                         SCMP_SYS(lstat), SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(access),
                         SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(readlink),
                         SCMP_SYS(readlinkat), SCMP_SYS(statfs), SCMP_SYS(getcwd)});
}

}  // namespace

tl::expected<void, std::string> confine_calls_of_sensor(int supervisor) {
  rlimit descriptors{};
  if (::getrlimit(RLIMIT_NOFILE, &descriptors) != 0 || descriptors.rlim_cur < kBehindSockets) {
    return tl::unexpected{std::string{
        "sensor: may open too few descriptors; raise the limit (ulimit -n, LimitNOFILE=) to 1024"}};
  }
  ::tzset();
  if (auto handed_over = hand_sockets_over(supervisor); !handed_over) { return handed_over; }
  CallFilter filter{CallFilter::Otherwise::kKill};
  allow_calls_of_all(filter);
  filter.allow_if(SCMP_SYS(mmap), {masked(2, PROT_EXEC, 0)});
  filter.allow({SCMP_SYS(socket)});  // which hand_sockets_over has the last word on, seccomp(2)
  allow_writing(filter);
  allow_capture(filter);
  refuse_files(filter);
  return filter.load();
}

}  // namespace remora::confine
