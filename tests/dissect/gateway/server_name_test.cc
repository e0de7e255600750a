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

const auto kClientHello =
    hex("16 0301 0100"  // the record is longer than this segment
        "01 0000fc 0303"
        "0000000000000000000000000000000000000000000000000000000000000000"
        "00"                      // session_id
        "0002 1301 01 00"         // cipher_suites, compression_methods
        "00d0"                    // extensions
        "0017 0000"               // extended_master_secret
        "0000 001e 001c 00 0019"  // server_name
        "47617465574179 2e577664 2e6d6963726f736f66742e636f6d"  // "GateWAy.Wvd.microsoft.com"
        "0010 0040 00");                                        // cut

TEST(ServerName, IsReadOutOfTheFirstSegment) {
  EXPECT_EQ(read_server_name(kClientHello), "GateWAy.Wvd.microsoft.com");
}

TEST(ServerName, SurvivesDamage) {
  const auto read = [](const auto& bytes) { (void)read_server_name(bytes); };
  testing::for_every_truncation(kClientHello, read);
  testing::for_every_changed_byte(kClientHello, read);
  EXPECT_EQ(read_server_name(as_bytes("GET / HTTP/1.1")), "");
}

TEST(VirtualDesktop, IsConcludedFromTheName) {
  EXPECT_EQ(recognise_virtual_desktop(kClientHello), Verdict::kYes);
  VirtualDesktopDissector dissector;
  Findings out;
  EXPECT_EQ(dissector.on_bytes(Side::kAcceptor, kClientHello, {}, out), kClientHello.size());
  EXPECT_TRUE(out.finished());
  ASSERT_EQ(out.found().size(), 1U);
  const auto seen = std::get<observation::GatewaySeen>(out.found().front().what);
  EXPECT_EQ(seen.transport, observation::GatewaySeen::Transport::kVirtualDesktop);
  EXPECT_EQ(seen.gateway_name, "GateWAy.Wvd.microsoft.com");
  EXPECT_TRUE(seen.inferred);
  EXPECT_EQ(out.found().front().from, Side::kAcceptor);
}

TEST(VirtualDesktop, OfAnotherNameIsNone) {
  auto other_domain = kClientHello;
  other_domain[kClientHello.size() - 7] = std::byte{'x'};  // the last letter but one
  EXPECT_NE(recognise_virtual_desktop(other_domain), Verdict::kYes);
  auto other_service = kClientHello;
  other_service[kClientHello.size() - 5 - 25] = std::byte{'x'};  // "xateWAy"
  EXPECT_NE(recognise_virtual_desktop(other_service), Verdict::kYes);
  EXPECT_EQ(recognise_virtual_desktop(as_bytes("SSH-2.0-x")), Verdict::kNo);
  for (std::size_t size = 1; size < other_domain.size(); ++size) {
    EXPECT_EQ(recognise_virtual_desktop(ByteView{other_domain}.first(size)), Verdict::kMore)
        << size;
  }
}

}  // namespace
}  // namespace remora::gateway
