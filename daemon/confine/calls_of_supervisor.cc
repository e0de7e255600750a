#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "daemon/confine/calls.h"
#include "daemon/confine/calls_of_all.h"

namespace remora::confine {

tl::expected<void, std::string> confine_calls_of_supervisor(std::span<const pid_t> children) {
  CallFilter filter{CallFilter::Otherwise::kKill};
  allow_calls_of_all(filter);
  allow_files_and_sockets(filter);
  filter.allow_if(SCMP_SYS(socket), {equals(0, AF_UNIX)});
  filter.allow_if(SCMP_SYS(socket), {equals(0, AF_PACKET)});
  filter.allow_if(SCMP_SYS(socket), {equals(0, AF_NETLINK), equals(2, NETLINK_ROUTE)});
  filter.allow_if_among(
      SCMP_SYS(ioctl), 1,
      {SECCOMP_IOCTL_NOTIF_RECV, SECCOMP_IOCTL_NOTIF_SEND, SECCOMP_IOCTL_NOTIF_ADDFD});
  filter.allow_if_among(SCMP_SYS(ioctl), 1, {SIOCGIFINDEX, SIOCGIFNAME, SIOCGIFFLAGS});
  for (const pid_t child : children) { filter.allow_if(SCMP_SYS(kill), {equals(0, child)}); }
  filter.allow({SCMP_SYS(wait4), SCMP_SYS(waitid)});
  return filter.load();
}

}  // namespace remora::confine
