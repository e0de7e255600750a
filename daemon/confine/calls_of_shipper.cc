#include <cerrno>
#include <linux/netlink.h>
#include <linux/sockios.h>
#include <sys/socket.h>

#include "daemon/confine/calls.h"
#include "daemon/confine/calls_of_all.h"

namespace remora::confine {

tl::expected<void, std::string> confine_calls_of_shipper() {
  constexpr std::uint32_t kType = 0xf;  // SOCK_NONBLOCK and SOCK_CLOEXEC stand above it
  CallFilter filter{CallFilter::Otherwise::kKill};
  allow_calls_of_all(filter);
  allow_files_and_sockets(filter);
  filter.allow_if(SCMP_SYS(socket), {equals(0, AF_UNIX)});
  for (const long family : {AF_INET, AF_INET6}) {
    filter.allow_if(SCMP_SYS(socket), {equals(0, family), masked(1, kType, SOCK_STREAM)});
    filter.allow_if(SCMP_SYS(socket), {equals(0, family), masked(1, kType, SOCK_DGRAM)});
  }
  // getaddrinfo(3) asks for this machine's addresses.
  filter.allow_if(SCMP_SYS(socket), {equals(0, AF_NETLINK), equals(2, NETLINK_ROUTE)});
  // SQLite gives its journal to the database's owner where it is root, and takes a refusal well.
  filter.refuse(EPERM, {SCMP_SYS(fchown)});
  filter.allow({SCMP_SYS(listen), SCMP_SYS(accept), SCMP_SYS(accept4)});
  filter.allow_if_among(SCMP_SYS(ioctl), 1, {SIOCGIFINDEX, SIOCGIFNAME, SIOCGIFCONF});
  return filter.load();
}

}  // namespace remora::confine
