// What a session knows of its connections over UDP.

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dissect/session/tracker.h"
#include "tests/support/session_events.h"

namespace remora::session {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr auto kClientSide = Side::kInitiator;
constexpr auto kServerSide = Side::kAcceptor;

FlowFacts flow(std::uint64_t id, Transport transport, const char* client = "192.0.2.1") {
  FlowFacts facts{
      .id = FrameNumber{id}, .transport = transport, .initiator_known = true, .sides = {}};
  facts.sides[0] = {.address = {*IpAddress::parse(client), Port{50000}}, .payload_bytes = 100};
  facts.sides[1] = {.address = {*IpAddress::parse("192.0.2.2"), Port{3389}}, .payload_bytes = 10};
  return facts;
}

constexpr std::array<std::byte, 32> hash_of(std::uint8_t first) {
  return {std::byte{first}, std::byte{1}};
}

class Transports : public ::testing::Test {
 protected:
  void see(const FlowFacts& on, Observation what, Side from = kClientSide,
           Certainty certainty = Certainty::kDecrypted) {
    now_ += step_;
    tracker_.observe(on,
                     {.at = {.time = now_, .frame = FrameNumber{++frame_}},
                      .from = from,
                      .rule = "test",
                      .what = std::move(what),
                      .certainty = certainty},
                     news_);
    testing::take_sessions(news_, events_);
  }
  void open(const FlowFacts& on) {
    see(on, observation::ConnectionRequested{}, kClientSide, Certainty::kObserved);
  }
  void invite(const FlowFacts& on, std::uint8_t hash, bool lossy = false) {
    see(on, observation::UdpTransportInvited{.lossy = lossy, .cookie_hash = hash_of(hash)},
        kServerSide);
  }
  void shake(const FlowFacts& on, bool lossy = false) {
    see(on, observation::UdpTransportRequested{.version = 2, .lossy = lossy}, kClientSide,
        Certainty::kObserved);
    see(on, observation::UdpTransportAccepted{.version = 1, .lossy = lossy}, kServerSide,
        Certainty::kObserved);
  }
  void ask(const FlowFacts& on, std::uint8_t hash) {
    see(on, observation::TunnelRequested{.request_id = hash, .cookie_hash = hash_of(hash)});
  }
  [[nodiscard]] const Session& last() const { return events_.back().session; }
  [[nodiscard]] std::string rule() const { return events_.back().evidence.back().rule; }

  const FlowFacts tcp_ = flow(1, Transport::kTcp);
  const FlowFacts udp_ = flow(2, Transport::kUdp);
  Tracker tracker_;
  Events news_;
  std::vector<SessionEvent> events_;
  Moment now_{seconds{100}};
  Nanoseconds step_{seconds{1}};
  std::uint64_t frame_{0};
};

TEST_F(Transports, KnowsWhatTheHandshakeSays) {
  open(tcp_);
  shake(udp_, true);
  see(udp_, observation::TlsServerHello{.version = 0xfefd, .cipher = 0xc02f, .cipher_name = "S"},
      kServerSide, Certainty::kObserved);
  see(tcp_, observation::ErrorReported{});
  see(tcp_, observation::LogonReported{});  // tells an event
  ASSERT_EQ(last().udp_transports.size(), 1U);
  const auto& transport = last().udp_transports.front();
  EXPECT_TRUE(transport.lossy);
  EXPECT_EQ(transport.version, 1);  // what was agreed
  EXPECT_EQ(transport.tls->version, 0xfefd);
  EXPECT_EQ(transport.client_payload_bytes, 100U);
  EXPECT_EQ(transport.server_payload_bytes, 10U);
  EXPECT_FALSE(transport.result.has_value());
}

TEST_F(Transports, ACookieProvesWhoseAFlowIs) {
  open(tcp_);
  invite(tcp_, 7);
  shake(udp_);
  EXPECT_EQ(events_.back().certainty, Certainty::kInferred);
  ask(udp_, 7);
  EXPECT_EQ(rule(), "session.join.security_cookie");
  EXPECT_EQ(events_.back().certainty, Certainty::kDecrypted);
  EXPECT_EQ(last().udp_transports.front().request_id, 7U);
}

TEST_F(Transports, ACookieMovesAFlowToTheSessionThatItIsOf) {
  const auto other = flow(3, Transport::kTcp);
  open(tcp_);
  invite(tcp_, 7);
  open(other);  // nearer in time
  shake(udp_, true);
  EXPECT_EQ(last().opened, Moment{seconds{103}});
  ask(udp_, 7);
  EXPECT_EQ(last().opened, Moment{seconds{101}});
  EXPECT_TRUE(last().over_udp);
  ASSERT_EQ(last().udp_transports.size(), 1U);
  EXPECT_TRUE(last().udp_transports.front().lossy);
  EXPECT_EQ(last().joined_client_totals.payload_bytes, 100U);
  see(udp_, observation::TunnelAnswered{.result = 0}, kServerSide);
  EXPECT_EQ(last().udp_transports.front().result, 0U);
  see(other, observation::LogonReported{});
  EXPECT_THAT(last().udp_transports, IsEmpty());
  EXPECT_FALSE(last().over_udp);
  EXPECT_EQ(last().joined_client_totals.payload_bytes, 0U);
}

TEST_F(Transports, ACookieJoinsAFlowWhoseBeginningWasNotSeen) {
  open(tcp_);
  invite(tcp_, 7);
  ask(udp_, 7);
  EXPECT_EQ(rule(), "session.join.security_cookie");
  EXPECT_EQ(tracker_.open_sessions(), 1U);
}

TEST_F(Transports, AnotherCookieProvesNothing) {
  open(tcp_);
  invite(tcp_, 7);
  shake(udp_);
  const auto before = events_.size();
  ask(udp_, 8);
  EXPECT_EQ(events_.size(), before);
}

TEST_F(Transports, TellsWhetherTheServerTookIt) {
  open(tcp_);
  shake(udp_);
  see(udp_, observation::TunnelAnswered{.result = 0x80004005}, kServerSide);
  EXPECT_EQ(rule(), "test");
  EXPECT_EQ(last().udp_transports.front().result, 0x80004005U);
  EXPECT_TRUE(last().decrypted);
}

TEST_F(Transports, HasTheChannelsThatWereOpenedOnItOrMovedThere) {
  const auto lossy = flow(3, Transport::kUdp);
  open(tcp_);
  see(tcp_, observation::DynamicChannelOpened{.name = "first"}, kServerSide);
  shake(udp_);
  shake(lossy, true);
  see(tcp_, observation::ChannelsMoved{.lossy = false, .channels = {"first"}}, kServerSide);
  EXPECT_EQ(rule(), "test");
  see(tcp_, observation::ChannelsMoved{.lossy = true, .channels = {"sound"}}, kServerSide);
  see(udp_, observation::DynamicChannelOpened{.name = "second"}, kServerSide);
  ASSERT_EQ(last().udp_transports.size(), 2U);
  EXPECT_THAT(last().udp_transports[0].channels, ElementsAre("first", "second"));
  EXPECT_THAT(last().udp_transports[1].channels, ElementsAre("sound"));
  EXPECT_THAT(last().dynamic_channels, ElementsAre("first", "second"));
}

TEST_F(Transports, RemembersWhatMovedUntilItKnowsWhereTo) {
  open(tcp_);
  see(tcp_, observation::ChannelsMoved{.lossy = true, .channels = {"sound"}}, kServerSide);
  shake(udp_, true);
  see(udp_, observation::TunnelAnswered{.result = 0}, kServerSide);
  EXPECT_THAT(last().udp_transports.front().channels, ElementsAre("sound"));
}

TEST_F(Transports, ATransportAloneIsASessionOfItsOwn) {
  shake(udp_, true);
  ask(udp_, 7);
  see(udp_, observation::TunnelAnswered{.result = 0}, kServerSide);
  EXPECT_EQ(last().transport, Transport::kUdp);
  ASSERT_EQ(last().udp_transports.size(), 1U);
  EXPECT_EQ(last().udp_transports.front().result, 0U);
  EXPECT_EQ(last().udp_transports.front().client_payload_bytes, 100U);
}

/// The novice's side opened the TCP connection: its client is the acceptor there.
TEST_F(Transports, KnowsTheSidesOfAFlowThatTheOtherOneOpened) {
  auto reverse = tcp_;
  std::swap(reverse.sides[0], reverse.sides[1]);
  see(reverse, observation::ConnectionRequested{}, kServerSide, Certainty::kObserved);
  shake(udp_);
  const observation::SharedFileStep step{
      .kind = observation::SharedFileStep::Kind::kRefused, .id = 1, .name = "a.txt"};
  see(reverse, step, kServerSide);  // from the client
  const auto here = std::get<FileOperation>(events_.back().what);
  see(udp_, step, kClientSide);  // likewise
  EXPECT_EQ(std::get<FileOperation>(events_.back().what).to_server, here.to_server);
}

TEST_F(Transports, RemembersOnlySoMany) {
  step_ = Nanoseconds{1};
  open(tcp_);
  for (std::uint64_t id = 2; id < 40; ++id) { shake(flow(id, Transport::kUdp)); }
  see(tcp_, observation::LogonReported{});
  EXPECT_EQ(last().udp_transports.size(), 8U);
}

}  // namespace
}  // namespace remora::session
