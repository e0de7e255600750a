#pragma once

#include <string>

#include <tl/expected.hpp>

#include "daemon/processes/descriptor.h"

namespace remora::confine {

using processes::Descriptor;

/// Sends one byte with a copy of `descriptor` over a connected Unix socket.
[[nodiscard]] tl::expected<void, std::string> send_descriptor(int socket,
                                                              const Descriptor& descriptor);

/// Receives what `send_descriptor` sent. LIMIT: waits ten seconds.
[[nodiscard]] tl::expected<Descriptor, std::string> receive_descriptor(int socket);

}  // namespace remora::confine
