#pragma once

#include <cstdint>
#include <string>

#include <tl/expected.hpp>

namespace remora::confine {

/// The capabilities that a process goes on with.
enum class Keep : std::uint8_t {
  kNothing,
  kPacketSockets,  ///< CAP_NET_RAW, for the supervisor, which makes packet sockets for the sensor
};

/// Gives up every capability but `keep`, for good: ambient, inheritable, permitted and effective
/// sets, and the bounding set as far as the process has the right to shrink it. Programs that it
/// runs get none. Of the calling thread alone: to be called before threads are started, and refused
/// after. Fails where `keep` is not there to be kept.
[[nodiscard]] tl::expected<void, std::string> drop_capabilities(Keep keep);

}  // namespace remora::confine
