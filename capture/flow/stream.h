#pragma once

#include <cstdint>

#include "capture/base/address.h"
#include "capture/base/bytes.h"
#include "capture/base/flow_key.h"
#include "capture/base/frame.h"

namespace remora {

/// The next bytes of one side of a stream: no byte twice, none out of order. Borrowed for the call.
struct StreamChunk {
  Side from{};
  ByteView bytes;
  Instant at;  ///< time: when they became readable in order; frame: the one that carried them
};

/// Bytes of one side that the capture does not have.
struct StreamGap {
  Side from{};
  std::uint64_t bytes{0};
  Instant at;
};

/// One UDP payload. Borrowed for the call.
struct Datagram {
  Side from{};
  SocketAddress source;
  SocketAddress destination;
  ByteView bytes;
  Instant at;
};

}  // namespace remora
