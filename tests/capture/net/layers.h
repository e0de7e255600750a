#pragma once

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

#include "capture/base/frame.h"
#include "tests/support/hex.h"

/// Frames in layers, each a text of hexadecimal digits around the next.
namespace remora::capture::testing {

inline std::string number(std::size_t value, int digits) {
  std::string out(static_cast<std::size_t>(digits), '0');
  (void)std::snprintf(out.data(), out.size() + 1, "%0*zx", digits, value);
  return out;
}

inline std::size_t size_of(std::string_view text) {
  return remora::testing::hex(text).size();
}

struct Ipv4Fields {
  std::string source{"0a000001"};
  std::string destination{"0a000002"};
  std::string fragment{"4000"};
  std::string identification{"abcd"};
};

inline std::string ipv4(std::string_view protocol, const std::string& payload,
                        const Ipv4Fields& fields = {}) {
  return "4500" + number(20 + size_of(payload), 4) + fields.identification + fields.fragment +
         "40" + std::string{protocol} + "0000" + fields.source + fields.destination + payload;
}

inline std::string ipv6(std::string_view next_header, const std::string& payload) {
  return "60000000" + number(size_of(payload), 4) + std::string{next_header} +
         "40"
         "20010db8000000000000000000000001 20010db8000000000000000000000002" +
         payload;
}

inline std::string udp(std::uint16_t port, const std::string& payload) {
  return "c351" + number(port, 4) + number(8 + size_of(payload), 4) + "0000" + payload;
}

inline std::string tcp(const std::string& payload) {
  return "c350 0d3d 00000001 00000002 5018 0400 0000 0000" + payload;
}

/// Addresses that end in 1 and 2, or for the frame inside a tunnel in 11 and 12.
inline std::string ethernet(std::string_view type, const std::string& payload, bool inner = false) {
  return (inner ? "02005e000012 02005e000011" : "02005e000002 02005e000001") + std::string{type} +
         payload;
}

inline std::string vxlan(std::uint32_t network, const std::string& frame) {
  return udp(4789, "08000000" + number(network, 6) + "00" + frame);
}

inline const Ipv4Fields kOuter{.source = "cb007101", .destination = "cb007102"};
inline const Ipv4Fields kMiddle{.source = "cb007111", .destination = "cb007112"};

}  // namespace remora::capture::testing
