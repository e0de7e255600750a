#include "dissect/gateway/udp_side_channel.h"

#include <variant>

#include <gtest/gtest.h>

#include "dissect/gateway/family.h"
#include "dissect/observation/transport.h"
#include "tests/support/hex.h"

namespace remora::gateway {
namespace {

using testing::hex;

const auto kRecord = hex("16 fefd 0000 000000000000 0004 01000000");

Datagram datagram(std::uint16_t from_port, std::uint16_t to_port, ByteView bytes) {
  Datagram datagram{};
  datagram.source.port = Port{from_port};
  datagram.destination.port = Port{to_port};
  datagram.bytes = bytes;
  return datagram;
}

TEST(UdpSideChannel, IsDtlsOnItsPort) {
  EXPECT_TRUE(recognise_datagram(datagram(50000, 3391, kRecord)));
  EXPECT_TRUE(recognise_datagram(datagram(3391, 50000, kRecord)));
  EXPECT_FALSE(recognise_datagram(datagram(50000, 443, kRecord)));
  for (std::size_t size = 0; size < kRecord.size(); ++size) {
    EXPECT_FALSE(recognise_datagram(datagram(50000, 3391, ByteView{kRecord}.first(size))));
  }
  EXPECT_FALSE(recognise_datagram(datagram(1, 3391, hex("16 0303 0000 000000000000 0001 01"))));
  EXPECT_FALSE(recognise_datagram(datagram(1, 3391, hex("18 fefd 0000 000000000000 0001 01"))));
}

TEST(UdpSideChannel, IsToldOnceAndOfTheClient) {
  for (const bool answer : {false, true}) {
    Findings out;
    UdpSideChannel channel;
    channel.on_datagram(datagram(answer ? 3391 : 50000, answer ? 50000 : 3391, kRecord), out);
    ASSERT_EQ(out.found().size(), 1U);
    EXPECT_EQ(out.found().front().from, answer ? Side::kAcceptor : Side::kInitiator);
    const auto seen = std::get<observation::GatewaySeen>(out.found().front().what);
    EXPECT_EQ(seen.transport, observation::GatewaySeen::Transport::kUdp);
    EXPECT_TRUE(seen.inferred);
    EXPECT_TRUE(out.finished());
  }
}

}  // namespace
}  // namespace remora::gateway
