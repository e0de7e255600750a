#include "capture/link/ppp.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/support/damage.h"
#include "tests/support/hex.h"

namespace remora::capture {
namespace {

using testing::hex;

struct Case {
  const char* bytes;
  NetworkProtocol protocol;
  std::size_t payload_bytes;
};

TEST(Ppp, IsReadWithAndWithoutFramingAndFieldCompression) {
  for (const auto& [bytes, protocol, payload_bytes] : {
           Case{"ff03 0021 4500", NetworkProtocol::kIpv4, 2},
           Case{"ff03 21 4500", NetworkProtocol::kIpv4, 2},
           Case{"0021 4500", NetworkProtocol::kIpv4, 2}, Case{"21 4500", NetworkProtocol::kIpv4, 2},
           Case{"ff03 0057 60", NetworkProtocol::kIpv6, 1},
           Case{"57 60", NetworkProtocol::kIpv6, 1},
           Case{"0281 00", NetworkProtocol::kMplsUnicast, 1},
           Case{"0283 00", NetworkProtocol::kMplsMulticast, 1},
           Case{"ff03 c021 01", NetworkProtocol::kNone, 1},    // link control
           Case{"0f00 0800 4500", NetworkProtocol::kIpv4, 2},  // Cisco HDLC
           Case{"8f00 86dd 60", NetworkProtocol::kIpv6, 1},
           Case{"8f00 8035 00", NetworkProtocol::kNone, 1},  // its keep-alive
       }) {
    const auto frame = hex(bytes);
    const auto link = read_ppp(frame);
    ASSERT_TRUE(link.has_value()) << bytes;
    EXPECT_EQ(link->protocol, protocol) << bytes;
    EXPECT_EQ(link->payload.size(), payload_bytes) << bytes;
  }
}

TEST(Ppp, AHeaderCutShortIsNoResult) {
  for (const auto* bytes : {"ff030021", "0021", "0f000800"}) {
    testing::for_every_truncation(
        hex(bytes), [](const auto& cut) { EXPECT_FALSE(read_ppp(cut).has_value()) << cut.size(); });
  }
}

TEST(Pppoe, DropsThePaddingBehindItsLength) {
  const auto frame =
      hex("11 00 1234 0004"  // version, code, session, length
          "0057 6000"        // PPP: IPv6
          "ffff");           // padding
  const auto link = read_pppoe({.payload = frame});
  ASSERT_TRUE(link.has_value());
  EXPECT_EQ(link->protocol, NetworkProtocol::kIpv6);
  EXPECT_TRUE(std::ranges::equal(link->payload, hex("6000")));
}

TEST(Pppoe, BelievesNoLengthBeyondTheFrame) {
  const auto frame = hex("11 00 1234 ffff 0021 45");
  EXPECT_EQ(read_pppoe({.payload = frame})->payload.size(), 1U);
}

TEST(Pppoe, DiscoveryCarriesNothing) {
  const auto frame = hex("11 09 0000 0004 01010000");
  EXPECT_EQ(read_pppoe({.payload = frame})->protocol, NetworkProtocol::kNone);
}

TEST(Pppoe, SurvivesEveryTruncationAndChangedByte) {
  const auto check = [](const auto& bytes) { (void)read_pppoe({.payload = bytes}); };
  testing::for_every_truncation(hex("1100 1234 0003 0021 45"), check);
  testing::for_every_changed_byte(hex("1100 1234 0003 0021 45"), check);
}

}  // namespace
}  // namespace remora::capture
