#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <tl/expected.hpp>

namespace remora::confine {

/// The supervisor's side of the sensor's sockets. The sensor has no right to make a packet socket
/// and asks for it by the call itself, socket(2), which waits in the kernel until it is answered
/// here: a socket that captures, a Unix socket to ask for interfaces with, or EPERM. Both lie where
/// the sensor cannot write to them (socket_numbers.h).
class PacketSockets {
 public:
  /// Waits on the connected Unix socket `sensor` for what `confine_calls_of_sensor` sends. LIMIT:
  /// ten seconds. Before `confine_calls_of_supervisor`.
  [[nodiscard]] static tl::expected<PacketSockets, std::string> receive(int sensor);

  PacketSockets(PacketSockets&&) noexcept;
  PacketSockets& operator=(PacketSockets&&) noexcept;
  PacketSockets(const PacketSockets&) = delete;
  PacketSockets& operator=(const PacketSockets&) = delete;
  ~PacketSockets();  ///< calls of the sensor that are or were to be answered here fail from now on

  /// Readable when the sensor waits for an answer, or has ended. Not to be closed by the caller.
  [[nodiscard]] int descriptor() const;

  enum class Answered : std::uint8_t { kOne, kNothing, kSensorHasEnded };
  /// Answers one call. Does not wait for one. The thread that calls stands still until it is
  /// answered: whoever answers does not wait for the sensor.
  Answered answer();

 private:
  struct Parts;
  explicit PacketSockets(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace remora::confine
