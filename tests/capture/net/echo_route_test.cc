#include "capture/net/echo_route.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "capture/net/icmp.h"
#include "tests/support/damage.h"
#include "tests/support/hex.h"

namespace remora::capture {
namespace {

using ::testing::ElementsAre;
using testing::hex;
using ::testing::IsEmpty;

const std::string kEcho = "08 00 0000 0001 0001";
const std::string kReply = "00 00 0000 0001 0001";
const std::string kAsker = "0a000001";
const std::string kAnswerer = "0a000009";

/// Of 10.0.0.1 and 10.0.0.9; `from_asker` says which way.
std::optional<EchoRoute> read(const std::string& message, const std::string& options,
                              bool from_asker, std::uint8_t protocol = kProtocolIcmp) {
  const auto body = hex(message);
  const auto option_bytes = hex(options);
  const auto asker = IpAddress::parse("10.0.0.1").value();
  const auto answerer = IpAddress::parse("10.0.0.9").value();
  return read_echo_route({.source = from_asker ? asker : answerer,
                          .destination = from_asker ? answerer : asker,
                          .protocol = protocol,
                          .ttl = 60,
                          .payload = body,
                          .payload_wire_bytes = static_cast<std::uint32_t>(body.size()),
                          .fragment = std::nullopt,
                          .options = option_bytes});
}

std::vector<std::string> texts(const RecordedRoute& route) {
  std::vector<std::string> out;
  for (const auto& hop : route.hops()) { out.push_back(hop.address.to_text()); }
  return out;
}

TEST(EchoRoute, OfARequestIsTheWaySoFar) {
  const auto echo = read(kEcho, "01 07 0f 0c" + kAsker + "0a000002 00000000", true);
  ASSERT_TRUE(echo.has_value());
  EXPECT_EQ(echo->requester.to_text(), "10.0.0.1");
  EXPECT_EQ(echo->replier.to_text(), "10.0.0.9");
  EXPECT_THAT(texts(echo->forth), ElementsAre("10.0.0.1", "10.0.0.2"));
  EXPECT_THAT(texts(echo->back), IsEmpty());
  EXPECT_FALSE(echo->is_reply);
}

TEST(EchoRoute, OfAReplyTurnsWhereTheReplierStands) {
  const auto echo =
      read(kReply, "07 17 18" + kAsker + "0a000002" + kAnswerer + kAnswerer + "0a000003 00", false);
  ASSERT_TRUE(echo.has_value());
  EXPECT_EQ(echo->requester.to_text(), "10.0.0.1");
  EXPECT_EQ(echo->replier.to_text(), "10.0.0.9");
  EXPECT_THAT(texts(echo->forth), ElementsAre("10.0.0.1", "10.0.0.2"));
  EXPECT_THAT(texts(echo->back), ElementsAre("10.0.0.3"));
  EXPECT_TRUE(echo->is_reply);
}

TEST(EchoRoute, OfAReplyThatDoesNotNameItsSenderHasNoDirection) {
  EXPECT_FALSE(read(kReply, "07 0b 0c" + kAsker + "0a000002 00", false).has_value());
}

TEST(EchoRoute, NeedsAnEchoAndARouter) {
  EXPECT_FALSE(read(kEcho, "", true).has_value());
  EXPECT_FALSE(read(kEcho, "07 07 04 00000000 00", true).has_value());
  EXPECT_FALSE(read("0d 00 0000 0001 0001", "07 07 08" + kAsker + "00", true).has_value());
  EXPECT_FALSE(read("", "07 07 08" + kAsker + "00", true).has_value());
  EXPECT_FALSE(read(kEcho, "07 07 08" + kAsker + "00", true, kProtocolIcmp6).has_value());
}

TEST(EchoRoute, SurvivesEveryChangedByteOfItsOptions) {
  remora::testing::for_every_changed_byte(
      hex("07 13 14" + kAsker + "0a000002" + kAnswerer + "0a000003 00"), [&](const auto& changed) {
        const auto body = hex(kReply);
        const auto echo = read_echo_route({.source = IpAddress::parse("10.0.0.9").value(),
                                           .destination = IpAddress::parse("10.0.0.1").value(),
                                           .protocol = kProtocolIcmp,
                                           .payload = body,
                                           .fragment = std::nullopt,
                                           .options = changed});
        if (!echo.has_value()) { return; }
        EXPECT_LE(echo->forth.hops().size() + echo->back.hops().size(), RecordedRoute::kMost);
      });
}

}  // namespace
}  // namespace remora::capture
