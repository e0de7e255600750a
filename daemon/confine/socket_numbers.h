#pragma once

namespace remora::confine {

// Where the sensor's sockets lie among its descriptors. A filter of system calls sees the number of
// a descriptor, not what it is: the numbers say what may be done with it. A packet socket that is
// written to would put packets on the tapped network, so what lies here can be read and asked, not
// written to, and no call can move it elsewhere.
constexpr unsigned kSocketsOfAKind = 64;  ///< LIMIT: open at a time
constexpr unsigned kPacketSockets = 512;  ///< the first of those that capture; may be bound
constexpr unsigned kRequestSockets =
    576;  ///< the first of those that libpcap asks for interfaces by ioctl
constexpr unsigned kBehindSockets = 640;

static_assert(kPacketSockets % (2 * kSocketsOfAKind) == 0, "both kinds have to fit one mask");
static_assert(kRequestSockets == kPacketSockets + kSocketsOfAKind);

}  // namespace remora::confine
