#pragma once

#include <cstdint>

namespace remora::confine {

/// The processes of the daemon.
enum class Role : std::uint8_t {
  kSupervisor,  ///< reads the configuration, makes packet sockets, ends and watches the others
  kSensor,      ///< reads what came from the network
  kShipper,     ///< spool, store, outputs, admin port
};

}  // namespace remora::confine
