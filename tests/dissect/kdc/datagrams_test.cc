#include "dissect/kdc/datagrams.h"

#include <variant>

#include <gtest/gtest.h>

#include "tests/dissect/kdc/messages.h"
#include "tests/support/damage.h"
#include "tests/support/hex.h"

namespace remora::kdc {
namespace {

using observation::AccountSeen;
using observation::NameKind;
using observation::NameLearned;

const SocketAddress kClient{.address = IpAddress::parse("192.0.2.11").value(), .port = Port{50000}};
const SocketAddress kCentre{.address = IpAddress::parse("192.0.2.1").value(), .port = Port{88}};

[[nodiscard]] Datagram answer(ByteView bytes) {
  return {
      .from = Side::kAcceptor, .source = kCentre, .destination = kClient, .bytes = bytes, .at = {}};
}

TEST(KdcDatagram, IsKnownByItsContentOnItsPort) {
  const auto bytes = testing::hex(tgs_rep_for("alice"));
  auto datagram = answer(bytes);
  EXPECT_TRUE(recognise_datagram(datagram));
  datagram.source.port = Port{89};
  EXPECT_FALSE(recognise_datagram(datagram));
  datagram.destination.port = Port{88};
  EXPECT_TRUE(recognise_datagram(datagram));
  datagram.bytes = ByteView{bytes}.first(bytes.size() - 1);
  EXPECT_FALSE(recognise_datagram(datagram));
}

TEST(KdcDatagram, TellsTheAccountOfTheClientsMachine) {
  const auto bytes = testing::hex(tgs_rep_for("alice"));
  Findings out;
  read_datagram(answer(bytes), out);
  ASSERT_EQ(out.found().size(), 1U);
  EXPECT_EQ(std::get<AccountSeen>(out.found()[0].what),
            (AccountSeen{.kind = AccountSeen::Kind::kKerberos,
                         .client = kClient.address,
                         .server = std::nullopt,
                         .user = "alice",
                         .domain = "CORP.EXAMPLE",
                         .service = "TERMSRV/srv.corp.example"}));
}

TEST(KdcDatagram, TellsTheNameOfTheMachine) {
  const auto bytes = testing::hex(tgs_rep_for("WS-ALICE$"));
  Findings out;
  read_datagram(answer(bytes), out);
  ASSERT_EQ(out.found().size(), 2U);
  EXPECT_EQ(
      std::get<NameLearned>(out.found()[0].what),
      (NameLearned{.address = kClient.address, .name = "WS-ALICE", .kind = NameKind::kKerberos}));
}

TEST(KdcDatagram, SurvivesDamage) {
  const auto read = [](const std::vector<std::byte>& bytes) {
    Findings out;
    (void)recognise_datagram(answer(bytes));
    read_datagram(answer(bytes), out);
    EXPECT_LE(out.found().size(), 2U);
  };
  const auto bytes = testing::hex(tgs_rep_for("WS-ALICE$"));
  testing::for_every_truncation(bytes, read);
  testing::for_every_changed_byte(bytes, read);
}

}  // namespace
}  // namespace remora::kdc
