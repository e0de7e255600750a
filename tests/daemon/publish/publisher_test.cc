#include "daemon/publish/publisher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/publish/handle.h"
#include "tests/support/full_events.h"

namespace remora::publish {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

constexpr std::string_view kKey = "0123456789abcdef";

v1::Event closed(const char* client, const char* server) {
  v1::Event event;
  event.set_event_id("0d6e6ad3c56f8492f90d33d54855fcb9");
  event.set_session_id("a");
  auto& session = *event.mutable_session_closed()->mutable_session();
  session.mutable_client()->set_address(client);
  session.mutable_server()->set_address(server);
  return event;
}

Wishes wishes() {
  return {.networks = {.of_interest = {settings::Network::parse("192.0.2.0/24").value()},
                       .exclude = {settings::Network::parse("192.0.2.9").value()}},
          .hosts = {{IpAddress::parse("192.0.2.1").value(), "desk"}},
          .privacy = {.host_names = settings::Treatment::kHash, .key_file = {}},
          .privacy_key = keys::Secret{as_bytes(kKey)}};
}

TEST(Publisher, TellsEverythingAsItIsWithoutWishes) {
  Publisher publisher{{}};
  for (const auto& event : remora::testing::full_events()) {
    auto told = event;
    EXPECT_TRUE(publisher.publish(told));
    EXPECT_EQ(told.SerializeAsString(), event.SerializeAsString());
  }
  EXPECT_THAT(publisher.left_out(), IsEmpty());
}

TEST(Publisher, HidesTheOperatorsOwnNamesToo) {
  Publisher publisher{wishes()};
  auto event = closed("192.0.2.1", "203.0.113.1");
  ASSERT_TRUE(publisher.publish(event));
  EXPECT_EQ(event.event_id(), "0d6e6ad3c56f8492f90d33d54855fcb9");
  const auto& client = event.session_closed().session().client();
  EXPECT_EQ(client.fqdn(), handle_of("desk", as_bytes(kKey)));
  EXPECT_EQ(client.names(0).name(), client.fqdn());
}

TEST(Publisher, CountsWhatItLeavesOutAndWhy) {
  Publisher publisher{wishes()};
  auto excluded = closed("192.0.2.9", "192.0.2.1");
  auto foreign = closed("203.0.113.1", "203.0.113.2");
  EXPECT_FALSE(publisher.publish(excluded));
  EXPECT_FALSE(publisher.publish(excluded));
  EXPECT_FALSE(publisher.publish(foreign));
  EXPECT_THAT(publisher.left_out(), ElementsAre(Pair("excluded", 2), Pair("not_of_interest", 1)));
}

TEST(Publisher, TakesOtherWishes) {
  Publisher publisher{wishes()};
  auto event = closed("203.0.113.1", "203.0.113.2");
  EXPECT_FALSE(publisher.publish(event));
  publisher.use({.networks = {},
                 .hosts = {{IpAddress::parse("203.0.113.1").value(), "far"}},
                 .privacy = {},
                 .privacy_key = {}});
  EXPECT_TRUE(publisher.publish(event));
  EXPECT_EQ(event.session_closed().session().client().fqdn(), "far");
  EXPECT_THAT(publisher.left_out(), ElementsAre(Pair("not_of_interest", 1)));
}

}  // namespace
}  // namespace remora::publish
