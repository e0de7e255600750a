#include "capture/net/tunnels/gtp_u.h"

#include <string>

#include "tests/capture/net/tunnels/reading.h"

namespace remora::capture {
namespace {

using remora::testing::hex;
using testing::expect_reads;
using testing::expect_tunnel_laws;

std::optional<Encapsulated> read(std::string_view text) {
  static std::vector<std::byte> bytes;  // outlives what is borrowed from it
  bytes = hex(text);
  return read_gtp_u(bytes, static_cast<std::uint32_t>(bytes.size()));
}

TEST(GtpU, WithoutOptionalFields) {
  expect_reads(read("30"        // version 1, GTP, no E, S or PN
                    "ff"        // G-PDU
                    "0002"      // length
                    "a0000001"  // endpoint
                    "4500 ee"),
               {TunnelKind::kGtpU, 0xa0000001, 0x0800, "4500"});
}

TEST(GtpU, WithSequenceNumberAndExtensionHeaders) {
  const std::string text =
      "34 ff 0010 a0000001"
      "0000 00 85"  // sequence number, N-PDU number, next: a PDU session container
      "01 1009 c0"  // one word; next: a PDCP number
      "01 0007 00"  // one word; no more
      "6000 0000";
  expect_reads(read(text), {TunnelKind::kGtpU, 0xa0000001, 0x86dd, "60000000"});
  const auto size = static_cast<std::uint32_t>(hex(text).size());
  expect_tunnel_laws(text, 21, [&](ByteView bytes) { return read_gtp_u(bytes, size); });
}

TEST(GtpU, TheSequenceNumbersFlagAloneBringsAllFourBytes) {
  expect_reads(read("32 ff 0005 a0000001 0001 00 ff 45"),
               {TunnelKind::kGtpU, 0xa0000001, 0x0800, "45"});
}

TEST(GtpU, IsToldFromOtherDatagrams) {
  EXPECT_FALSE(read("10 ff 0001 a0000001 45").has_value());  // GTP'
  EXPECT_FALSE(read("50 ff 0001 a0000001 45").has_value());  // version 2
  EXPECT_FALSE(read("30 01 0001 a0000001 45").has_value());  // an echo request
  EXPECT_FALSE(read("30 ff 0002 a0000001 45").has_value());  // longer than the datagram
  EXPECT_FALSE(read("30 ff 0001 a0000001 25").has_value());  // no IP
  EXPECT_FALSE(read("34 ff 0009 a0000001 00000085 00 000000 45").has_value());  // of no length
}

TEST(GtpU, TooManyExtensionHeadersAreNoGtp) {
  const auto chain = [](int extensions) {
    std::string text = "34 ff 00ff a0000001 000000 85";
    for (int at = 1; at < extensions; ++at) { text += "01 0000 85"; }
    text += "01 0000 00 45";
    const auto bytes = hex(text);
    return read_gtp_u(bytes, 1000).has_value();
  };
  EXPECT_TRUE(chain(kMaxGtpExtensionHeaders));
  EXPECT_FALSE(chain(kMaxGtpExtensionHeaders + 1));
}

}  // namespace
}  // namespace remora::capture
