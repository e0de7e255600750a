#pragma once

#include <cstddef>
#include <cstdint>

#include "capture/base/bytes.h"
#include "capture/base/flow_key.h"
#include "capture/base/frame.h"
#include "capture/flow/stream.h"
#include "dissect/conversation/channel.h"
#include "dissect/conversation/findings.h"

namespace remora {

/// One protocol's view of one conversation. Keeps phase and tables, never bytes: what it does not
/// consume comes again with more behind it. Same calls, same findings.
class Dissector {
 public:
  Dissector() = default;
  Dissector(const Dissector&) = delete;
  Dissector& operator=(const Dissector&) = delete;
  Dissector(Dissector&&) = delete;
  Dissector& operator=(Dissector&&) = delete;
  virtual ~Dissector() = default;

  /// `bytes` start where the last call for this side stopped consuming. Reads at most one PDU and
  /// returns its size; 0 means that the PDU is not whole yet. Called again while it consumes.
  /// `at` is the packet that brought the last of the bytes.
  [[nodiscard]] virtual std::size_t on_bytes(Side from, ByteView bytes, Instant at,
                                             Findings& out) = 0;

  /// `size` bytes of this side are missing; what was not consumed before them was dropped. The
  /// next bytes may start in the middle of a PDU.
  virtual void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) = 0;

  /// This side has sent all that it will ever send, seen to its end: what the protocol ends by the
  /// end of the connection is whole.
  virtual void on_end(Side /*from*/, Instant /*at*/, Findings& /*out*/) {}

  /// A key that it awaits (Findings::await_keys) will not come in time: it awaits none any more.
  virtual void stop_awaiting() {}
};

/// One protocol's view of a UDP flow, or (Family::make_reader) of many. Same calls, same findings.
class DatagramDissector {
 public:
  DatagramDissector() = default;
  DatagramDissector(const DatagramDissector&) = delete;
  DatagramDissector& operator=(const DatagramDissector&) = delete;
  DatagramDissector(DatagramDissector&&) = delete;
  DatagramDissector& operator=(DatagramDissector&&) = delete;
  virtual ~DatagramDissector() = default;

  /// The datagrams in the order in which they were captured, none left out.
  virtual void on_datagram(const Datagram& datagram, Findings& out) = 0;
};

/// One protocol's view of the channels of a connection that it reads: one for all of them. Same
/// calls, same findings.
class ChannelDissector {
 public:
  ChannelDissector() = default;
  ChannelDissector(const ChannelDissector&) = delete;
  ChannelDissector& operator=(const ChannelDissector&) = delete;
  ChannelDissector(ChannelDissector&&) = delete;
  ChannelDissector& operator=(ChannelDissector&&) = delete;
  virtual ~ChannelDissector() = default;

  /// The pieces of a channel's message come one after the other; messages of several channels, and
  /// of both sides, may mix.
  virtual void on_piece(const ChannelPiece& piece, Instant at, Findings& out) = 0;
};

}  // namespace remora
