#pragma once

#include <span>
#include <string>
#include <sys/types.h>

#include <tl/expected.hpp>

namespace remora::confine {

// Lists of the system calls that a process may make from now on; by any other it dies of SIGSYS, at
// once and whole. Each is called last, after `confine_files`, before threads are started. No way
// leads back.

/// Threads, memory, waiting, reading; writing to descriptors below 512 that it has; asking and
/// reading packet sockets, which the supervisor makes at its request. Opening a file finds none
/// (ENOENT). `supervisor` is a connected Unix socket, at whose other end PacketSockets::receive
/// waits. The time zone is read before, there being no file for it later. What it inherits to talk
/// on has to be pairs of SOCK_STREAM or SOCK_SEQPACKET: from a datagram socket anybody could be
/// sent to. Threads that open captures block signals, for a call that waits for its answer is
/// interrupted by them. Needs Linux 5.14.
[[nodiscard]] tl::expected<void, std::string> confine_calls_of_sensor(int supervisor);

/// Files (Landlock says which), TCP, UDP, Unix sockets, looking names up, threads. No other
/// program, process or sort of socket, and nothing that changes the system.
[[nodiscard]] tl::expected<void, std::string> confine_calls_of_shipper();

/// As the shipper, with packet sockets instead of TCP and UDP; may wait for and signal `children`,
/// which run already.
[[nodiscard]] tl::expected<void, std::string> confine_calls_of_supervisor(
    std::span<const pid_t> children);

}  // namespace remora::confine
