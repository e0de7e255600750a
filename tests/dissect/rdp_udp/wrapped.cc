#include "tests/dissect/rdp_udp/wrapped.h"

#include <algorithm>
#include <array>
#include <utility>

namespace remora::rdp_udp::testing {
namespace {

using Bytes = std::vector<std::byte>;

constexpr std::size_t kMtu = 1232;
constexpr std::size_t kPayload = 1100;
// [MS-RDPEUDP] 2.2.2.1.
constexpr std::uint32_t kSyn = 0x0001;
constexpr std::uint32_t kAck = 0x0004;
constexpr std::uint32_t kData = 0x0008;
constexpr std::uint32_t kSynLossy = 0x0200;
constexpr std::uint32_t kSynEx = 0x1000;

void put_big(Bytes& to, std::uint32_t value, unsigned bytes) {
  for (; bytes > 0; --bytes) { to.push_back(static_cast<std::byte>(value >> 8U * (bytes - 1))); }
}

void put_little(Bytes& to, std::uint32_t value, unsigned bytes) {
  for (unsigned at = 0; at < bytes; ++at) {
    to.push_back(static_cast<std::byte>(value >> 8U * at));
  }
}

/// 2.2.2.5, 2.2.2.9; zeros up to the MTU.
Bytes syn(std::uint32_t number, std::uint32_t acknowledged, std::uint32_t flags,
          std::uint32_t version) {
  Bytes bytes;
  put_big(bytes, acknowledged, 4);
  put_big(bytes, 64, 2);
  put_big(bytes, flags | kSyn | (version > 1 ? kSynEx : 0), 2);
  put_big(bytes, number, 4);
  put_big(bytes, kMtu, 2);
  put_big(bytes, kMtu, 2);
  if (version > 1) {
    put_big(bytes, 1, 2);
    put_big(bytes, version, 2);
  }
  bytes.resize(kMtu);
  return bytes;
}

/// 2.2.2.4 behind an ACK vector of two elements, 2.2.2.7: it needs no padding, which TShark does
/// not know of.
Bytes data(std::uint32_t number, const Bytes& payload) {
  Bytes bytes;
  put_big(bytes, 1, 4);
  put_big(bytes, 64, 2);
  put_big(bytes, kAck | kData, 2);
  put_big(bytes, 0x00020101, 4);
  put_big(bytes, number, 4);
  put_big(bytes, number, 4);
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  return bytes;
}

/// [MS-RDPEUDP2] 2.2.1, 3.1.1.1.5.1: AckOfAcks and data; the prefix stands eighth.
Bytes data_2(std::uint32_t number, const Bytes& payload) {
  Bytes bytes{std::byte{7U << 5U}};
  put_little(bytes, 0xc014, 2);
  put_little(bytes, 100, 2);
  put_little(bytes, 99 + number, 2);
  put_little(bytes, number, 2);
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  std::swap(bytes[0], bytes[7]);
  return bytes;
}

}  // namespace

Flights wrap(const Flights& flights, Way way) {
  const bool lossy = way == Way::kLossy1 || way == Way::kLossy2;
  const std::uint32_t version = way == Way::kLossy1 ? 1 : way == Way::kReliable3 ? 0x0101 : 2;
  const auto flags = lossy ? kSynLossy : 0;
  std::array<std::uint32_t, 2> next{0x100, 0x200};
  Flights wrapped{{tls::testing::kClient, syn(next[0], 0xffffffff, flags, version)},
                  {tls::testing::kServer, syn(next[1], next[0], flags | kAck, version)}};
  if (way == Way::kReliable3) { next = {0, 0}; }
  for (const auto& flight : flights) {
    auto& number = next.at(index_of(flight.from));
    for (std::size_t at = 0; at < flight.bytes.size();) {
      const auto size = lossy ? flight.bytes.size() : std::min(kPayload, flight.bytes.size() - at);
      const auto* first = flight.bytes.data() + at;
      const Bytes payload(first, first + size);
      ++number;
      wrapped.push_back(
          {flight.from, way == Way::kReliable3 ? data_2(number, payload) : data(number, payload)});
      at += size;
    }
  }
  return wrapped;
}

}  // namespace remora::rdp_udp::testing
