#include "capture/live/fast_filter.h"

#include <array>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pcap/pcap.h>

#include "capture/live/live_interface.h"
#include "tests/capture/live/own_network.h"
#include "tests/capture/live/waiting.h"

namespace remora::capture {
namespace {

using testing::bytes_of;
using testing::FrameSender;
using testing::until;

constexpr std::array<std::uint16_t, 2> kPorts{3389, 135};

/// The addresses of a frame, and what comes behind them, padded.
std::string frame(const std::string& hex) {
  auto bytes = bytes_of("02 00 00 00 00 01  02 00 00 00 00 02" + hex);
  bytes.resize(100, '\0');
  return bytes;
}

/// An IPv4 header (RFC 791 3.1): so many 8 bytes into the datagram, of this protocol.
std::string ipv4(const std::string& offset, const std::string& protocol) {
  return " 08 00  45 00 00 40 00 01 " + offset + " 40 " + protocol +
         " 00 00  0a 00 00 01  0a 00 00 02 ";
}
/// An IPv6 header (RFC 8200 3).
std::string ipv6(const std::string& next) {
  return " 86 dd  60 00 00 00 00 28 " + next +
         " 40  fd 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01"
         "     fd 00 00 00 00 00 00 00 00 00 00 00 00 00 00 02 ";
}
const std::string kTcp = "06";
const std::string kUdp = "11";
const std::string kFromRdp = "0d 3d c0 00 ";   // source port 3389
const std::string kToRpc = "c0 00 00 87 ";     // destination port 135
const std::string kElsewhere = "c0 00 01 bb";  // 443
const std::string kTag = " 81 00 00 05 ";      // IEEE 802.1Q
const std::string kServiceTag = " 88 a8 00 07 ";

struct Case {
  std::string what;
  std::string bytes;
};
std::vector<Case> wanted() {
  const auto plain = ipv4("00 00", kTcp) + kFromRdp;
  return {{"TCP from 3389", frame(plain)},
          {"TCP to 135", frame(ipv4("00 00", kTcp) + kToRpc)},
          {"UDP from 3389", frame(ipv4("00 00", kUdp) + kFromRdp)},
          {"the first fragment", frame(ipv4("20 00", kTcp) + kFromRdp)},
          {"a later fragment", frame(ipv4("20 b9", kTcp) + kElsewhere)},
          {"the last fragment", frame(ipv4("01 72", kUdp) + kElsewhere)},
          {"TCP over IPv6", frame(ipv6(kTcp) + kToRpc)},
          {"a fragment of IPv6", frame(ipv6("2c") + "06 00 00 01 00 00 00 01" + kElsewhere)},
          {"hop-by-hop options", frame(ipv6("00") + "06 00 01 04 00 00 00 00" + kFromRdp)},
          {"destination options", frame(ipv6("3c") + "06 00 01 04 00 00 00 00" + kFromRdp)},
          {"routing header", frame(ipv6("2b") + "06 00 00 00 00 00 00 00" + kFromRdp)},
          {"in a VLAN", frame(kTag + plain)},
          {"IPv6 in a VLAN", frame(kTag + ipv6(kTcp) + kToRpc)},
          {"a fragment in a VLAN", frame(kTag + ipv4("20 b9", kTcp) + kElsewhere)},
          {"in a service VLAN", frame(kServiceTag + plain)},
          {"in two tags", frame(kServiceTag + kTag + plain)},
          {"in two tags of one kind", frame(kTag + kTag + plain)},
          {"IPv6 in two tags", frame(kServiceTag + kTag + ipv6(kTcp) + kFromRdp)},
          {"a fragment in two tags", frame(kServiceTag + kTag + ipv4("00 b9", kTcp) + kElsewhere)}};
}
std::vector<Case> unwanted() {
  const auto other = ipv4("00 00", kTcp) + kElsewhere;
  return {{"another port", frame(other)},
          {"another port over IPv6", frame(ipv6(kTcp) + kElsewhere)},
          {"the first fragment of another port", frame(ipv4("20 00", kTcp) + kElsewhere)},
          {"another protocol", frame(ipv4("00 00", "2f") + kFromRdp)},
          {"another port in a VLAN", frame(kTag + other)},
          {"another port in two tags", frame(kServiceTag + kTag + other)},
          {"ARP", frame(" 08 06 00 01 08 00 06 04 00 01")}};
}

TEST(FastFilter, PassesAsItSays) {
  const std::unique_ptr<pcap_t, void (*)(pcap_t*)> handle{pcap_open_dead(DLT_EN10MB, 65535),
                                                          &pcap_close};
  bpf_program program{};
  ASSERT_EQ(
      pcap_compile(handle.get(), &program, fast_filter(kPorts).c_str(), 1, PCAP_NETMASK_UNKNOWN), 0)
      << pcap_geterr(handle.get());
  const auto passes = [&](const std::string& bytes) {
    const auto size = static_cast<bpf_u_int32>(bytes.size());
    const pcap_pkthdr header{.ts = {}, .caplen = size, .len = size};
    return pcap_offline_filter(&program, &header, reinterpret_cast<const u_char*>(bytes.data())) !=
           0;
  };
  for (const auto& [what, bytes] : wanted()) { EXPECT_TRUE(passes(bytes)) << what; }
  for (const auto& [what, bytes] : unwanted()) { EXPECT_FALSE(passes(bytes)) << what; }
  pcap_freecode(&program);
}

using FastFilterLive = testing::OwnNetwork;

// The kernel takes the outermost tag off before its filter, and libpcap puts it back.
TEST_F(FastFilterLive, PassesAsItSaysInTheKernelToo) {
  make_pair("tap0", "tap1");
  auto live = LiveInterface::open(
      {.interface = "tap0", .ring_bytes = 4U << 20U, .only_ports = {kPorts.begin(), kPorts.end()}});
  ASSERT_TRUE(live.has_value()) << live.error().reason;
  const FrameSender sender{"tap1"};
  for (const auto& [what, bytes] : unwanted()) { ASSERT_TRUE(sender.send(bytes)) << what; }
  for (const auto& [what, bytes] : wanted()) { ASSERT_TRUE(sender.send(bytes)) << what; }
  std::vector<std::string> captured;
  const auto take = [&](const Frame& frame) { captured.emplace_back(as_text(frame.bytes)); };
  ASSERT_TRUE(until([&] {
    std::ignore = (*live)->read(take, 1000);
    return captured.size() >= wanted().size();
  })) << captured.size();
  ASSERT_EQ(captured.size(), wanted().size());
  for (std::size_t i = 0; i < captured.size(); ++i) {
    EXPECT_EQ(captured[i], wanted()[i].bytes) << wanted()[i].what;
  }
  EXPECT_EQ((*live)->counts().received, wanted().size()) << "filtered by libpcap, not the kernel";
}

TEST_F(FastFilterLive, TheKernelTakesAsManyPortsAsThereMayBe) {
  make_pair("tap0", "tap1");
  std::vector<std::uint16_t> ports(2 * kMostPorts);
  for (std::size_t i = 0; i < ports.size(); ++i) {
    ports[i] = static_cast<std::uint16_t>(3 + 601 * i % 60'000);
  }
  auto live =
      LiveInterface::open({.interface = "tap0", .ring_bytes = 4U << 20U, .only_ports = ports});
  ASSERT_TRUE(live.has_value()) << live.error().reason;
  const FrameSender sender{"tap1"};
  for (const auto& [what, bytes] : unwanted()) { ASSERT_TRUE(sender.send(bytes)) << what; }
  ASSERT_TRUE(sender.send(frame(ipv4("20 b9", kTcp))));
  ASSERT_TRUE(until([&] { return (*live)->counts().received > 0; }));
  EXPECT_EQ((*live)->counts().received, 1U) << "filtered by libpcap, not the kernel";
}

TEST_F(FastFilterLive, WorksOnCookedFrames) {
  make_pair("tap0", "tap1");
  auto live = LiveInterface::open(
      {.interface = "any", .ring_bytes = 4U << 20U, .only_ports = {kPorts.begin(), kPorts.end()}});
  ASSERT_TRUE(live.has_value()) << live.error().reason;
  const FrameSender sender{"tap1"};
  for (const auto& [what, bytes] : unwanted()) { ASSERT_TRUE(sender.send(bytes)) << what; }
  ASSERT_TRUE(sender.send(frame(ipv4("00 00", kTcp) + kFromRdp)));
  ASSERT_TRUE(sender.send(frame(kTag + ipv4("00 00", kTcp) + kFromRdp)));
  std::size_t captured = 0;
  ASSERT_TRUE(until([&] {
    std::ignore = (*live)->read([&](const Frame& /*frame*/) { ++captured; }, 1000);
    return captured >= 3;
  })) << captured;
  EXPECT_LE(captured, 4U);
}

}  // namespace
}  // namespace remora::capture
