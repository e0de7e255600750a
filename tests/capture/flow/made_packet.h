#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "capture/base/bytes.h"
#include "capture/net/packet.h"

namespace remora::capture {

/// A packet between client and server number so-and-so, at a moment; every one has its own frame.
struct MadePacket : Packet {
  MadePacket(std::uint32_t client, Nanoseconds time, TcpFlags its_flags = {}) {
    static std::uint64_t frame = 0;
    at = {.time = Moment{time}, .frame = FrameNumber{++frame}};
    wire_bytes = 60;
    source = address(10, client >> 8U);
    source_port = Port{static_cast<std::uint16_t>(1024 + client % 256)};
    destination = address(192, 1);
    destination_port = Port{3389};
    ttl = 64;
    flags = its_flags;
  }
  MadePacket& answering() {
    std::swap(source, destination);
    std::swap(source_port, destination_port);
    return *this;
  }
  MadePacket& with(std::uint32_t number, std::string_view text = {}) {
    sequence = number;
    payload = as_bytes(text);
    payload_wire_bytes = static_cast<std::uint32_t>(text.size());
    return *this;
  }

  static IpAddress address(std::uint8_t net, std::uint32_t host) {
    return IpAddress::v4(std::array{std::byte{net}, static_cast<std::byte>(host >> 16U),
                                    static_cast<std::byte>(host >> 8U),
                                    static_cast<std::byte>(host)});
  }
};

}  // namespace remora::capture
