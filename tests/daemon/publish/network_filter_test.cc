#include "daemon/publish/network_filter.h"

#include <gtest/gtest.h>

namespace remora::publish {
namespace {

settings::Networks networks(const std::vector<const char*>& of_interest,
                            const std::vector<const char*>& exclude) {
  settings::Networks all;
  for (const auto* text : of_interest) {
    all.of_interest.push_back(settings::Network::parse(text).value());
  }
  for (const auto* text : exclude) {
    all.exclude.push_back(settings::Network::parse(text).value());
  }
  return all;
}

v1::Event opened(const std::string& id, const char* client, const char* server) {
  v1::Event event;
  event.set_session_id(id);
  auto& session = *event.mutable_session_opened()->mutable_session();
  session.mutable_client()->set_address(client);
  session.mutable_server()->set_address(server);
  return event;
}

v1::Event logon(const std::string& id) {
  v1::Event event;
  event.set_session_id(id);
  event.mutable_logon();
  return event;
}

TEST(NetworkFilter, TellsAllUnlessToldOtherwise) {
  NetworkFilter filter{{}};
  EXPECT_EQ(filter.judge(opened("a", "192.0.2.1", "2001:db8::1")), Verdict::kTold);
  EXPECT_EQ(filter.judge(opened("a", "", "")), Verdict::kTold);
  EXPECT_EQ(filter.remembered(), 0U);
}

TEST(NetworkFilter, WantsOneEndOfInterestAndNoneExcluded) {
  NetworkFilter filter{networks({"192.0.2.0/24", "2001:db8::/32"}, {"192.0.2.9"})};
  EXPECT_EQ(filter.judge(opened("a", "192.0.2.1", "203.0.113.1")), Verdict::kTold);
  EXPECT_EQ(filter.judge(opened("a", "203.0.113.1", "2001:db8::1")), Verdict::kTold);
  EXPECT_EQ(filter.judge(opened("a", "203.0.113.1", "203.0.113.2")), Verdict::kNotOfInterest);
  EXPECT_EQ(filter.judge(opened("a", "192.0.2.1", "192.0.2.9")), Verdict::kExcluded);
  EXPECT_EQ(filter.judge(opened("a", "192.0.2.9", "192.0.2.1")), Verdict::kExcluded);
}

TEST(NetworkFilter, TakesWhatBelongsToASessionAsTheSession) {
  NetworkFilter filter{networks({}, {"192.0.2.9"})};
  EXPECT_EQ(filter.judge(opened("a", "192.0.2.9", "192.0.2.1")), Verdict::kExcluded);
  EXPECT_EQ(filter.judge(opened("b", "192.0.2.2", "192.0.2.1")), Verdict::kTold);
  EXPECT_EQ(filter.judge(logon("a")), Verdict::kExcluded);
  EXPECT_EQ(filter.judge(logon("b")), Verdict::kTold);
  EXPECT_EQ(filter.judge(logon("never seen")), Verdict::kTold);

  filter.use(networks({}, {}));
  EXPECT_EQ(filter.judge(logon("a")), Verdict::kExcluded);
  EXPECT_EQ(filter.judge(opened("a", "192.0.2.9", "192.0.2.1")), Verdict::kTold);
  EXPECT_EQ(filter.judge(logon("a")), Verdict::kTold);
  EXPECT_EQ(filter.remembered(), 0U);
}

TEST(NetworkFilter, JudgesOffersByTheirEnds) {
  NetworkFilter filter{networks({"192.0.2.0/24"}, {})};
  v1::Event event;
  event.mutable_offer();
  EXPECT_EQ(filter.judge(event), Verdict::kTold);
  event.mutable_offer()->mutable_expert()->set_address("203.0.113.1");
  EXPECT_EQ(filter.judge(event), Verdict::kNotOfInterest);
  event.mutable_offer()->mutable_novice()->set_address("192.0.2.1");
  EXPECT_EQ(filter.judge(event), Verdict::kTold);
}

TEST(NetworkFilter, AlwaysTellsTicketsAndCounters) {
  NetworkFilter filter{networks({"198.51.100.0/24"}, {})};
  EXPECT_EQ(filter.judge(opened("a", "192.0.2.9", "192.0.2.1")), Verdict::kNotOfInterest);
  EXPECT_EQ(filter.judge(opened("", "192.0.2.9", "192.0.2.1")), Verdict::kNotOfInterest);
  v1::Event event;
  event.mutable_sensor_health();
  EXPECT_EQ(filter.judge(event), Verdict::kTold);
  event.set_session_id("a");
  event.mutable_ticket_created();
  EXPECT_EQ(filter.judge(event), Verdict::kTold);
  event.mutable_ticket_rejected();
  EXPECT_EQ(filter.judge(event), Verdict::kTold);
}

TEST(NetworkFilter, RemembersSoManyAndThoseAskedForLast) {
  NetworkFilter filter{networks({}, {"192.0.2.0/24"})};
  (void)filter.judge(opened("first", "192.0.2.1", "192.0.2.2"));
  (void)filter.judge(opened("second", "192.0.2.1", "192.0.2.2"));
  EXPECT_EQ(filter.judge(logon("first")), Verdict::kExcluded);
  for (std::size_t i = 1; i < NetworkFilter::kMaxSessions; ++i) {
    (void)filter.judge(opened(std::to_string(i), "192.0.2.1", "192.0.2.2"));
  }
  EXPECT_EQ(filter.remembered(), NetworkFilter::kMaxSessions);
  EXPECT_EQ(filter.judge(logon("second")), Verdict::kTold);
  EXPECT_EQ(filter.judge(logon("first")), Verdict::kExcluded);
  EXPECT_EQ(filter.judge(logon("7")), Verdict::kExcluded);
}

}  // namespace
}  // namespace remora::publish
