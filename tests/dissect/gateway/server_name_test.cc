#include "dissect/gateway/server_name.h"

#include <variant>

#include <gtest/gtest.h>

#include "dissect/gateway/virtual_desktop.h"
#include "dissect/observation/transport.h"
#include "tests/support/damage.h"
#include "tests/support/hex.h"

namespace remora::gateway {
namespace {

using testing::hex;

Datagram segment(Side from, ByteView bytes) {
  Datagram datagram{};
  datagram.from = from;
  datagram.bytes = bytes;
  return datagram;
}

const auto kClientHello =
    hex("16 0301 0100"  // the record is longer than this segment
        "01 0000fc 0303"
        "0000000000000000000000000000000000000000000000000000000000000000"
        "00"                                                  // session_id
        "0002 1301 01 00"                                     // cipher_suites, compression_methods
        "00d0"                                                // extensions
        "0017 0000"                                           // extended_master_secret
        "0000 001d 001b 00 0018"                              // server_name
        "676f772e7764 2e577664 2e6d6963726f736f66742e636f6d"  // "gow.wd.Wvd.microsoft.com"
        "0010 0040 00");                                      // cut

TEST(ServerName, IsReadOutOfTheFirstSegment) {
  EXPECT_EQ(read_server_name(kClientHello), "gow.wd.Wvd.microsoft.com");
}

TEST(ServerName, SurvivesDamage) {
  const auto read = [](const auto& bytes) { (void)read_server_name(bytes); };
  testing::for_every_truncation(kClientHello, read);
  testing::for_every_changed_byte(kClientHello, read);
  EXPECT_EQ(read_server_name(as_bytes("GET / HTTP/1.1")), "");
}

TEST(VirtualDesktop, IsConcludedFromTheName) {
  Findings out;
  overhear_virtual_desktop(segment(Side::kAcceptor, kClientHello), out);
  ASSERT_EQ(out.found().size(), 1U);
  const auto seen = std::get<observation::GatewaySeen>(out.found().front().what);
  EXPECT_EQ(seen.transport, observation::GatewaySeen::Transport::kVirtualDesktop);
  EXPECT_EQ(seen.gateway_name, "gow.wd.Wvd.microsoft.com");
  EXPECT_TRUE(seen.inferred);
  EXPECT_EQ(out.found().front().from, Side::kAcceptor);
}

TEST(VirtualDesktop, OfAnotherNameIsNone) {
  auto other = kClientHello;
  other[kClientHello.size() - 7] = std::byte{'x'};  // the last letter but one
  Findings out;
  overhear_virtual_desktop(segment(Side::kInitiator, other), out);
  overhear_virtual_desktop(segment(Side::kInitiator, as_bytes("SSH-2.0-x")), out);
  EXPECT_TRUE(out.found().empty());
}

}  // namespace
}  // namespace remora::gateway
