// What a session tells of its course, and what follows from its programs' habits.

#include <chrono>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/session/session_state.h"
#include "tests/support/session_events.h"

namespace remora::session {
namespace {

using observation::NetworkDetection;
using std::chrono::milliseconds;
using std::chrono::seconds;

class Course : public ::testing::Test {
 protected:
  static FlowFacts flow() {
    FlowFacts facts{.id = FrameNumber{1}, .initiator_known = true, .sides = {}};
    facts.sides[0].address = {*IpAddress::parse("192.0.2.1"), Port{50000}};
    facts.sides[1].address = {*IpAddress::parse("192.0.2.2"), Port{3389}};
    return facts;
  }
  static Finding first() {
    return {.at = {.time = Moment{seconds{1}}, .frame = FrameNumber{1}},
            .from = Side::kInitiator,
            .rule = "x224.connection_request",
            .what = observation::ConnectionRequested{.cookie = "eva", .requested_protocols = 1}};
  }

  Course() : state_{flow(), first(), Side::kInitiator} { state_.observe(flow(), first(), news_); }

  void see(Side from, Observation what, Certainty certainty = Certainty::kObserved) {
    now_ += milliseconds{10};
    state_.observe(flow(),
                   {.at = {.time = now_, .frame = FrameNumber{++frame_}},
                    .from = from,
                    .rule = "test",
                    .what = std::move(what),
                    .certainty = certainty},
                   news_);
  }
  void server(Observation what) { see(Side::kAcceptor, std::move(what)); }
  void client(Observation what) { see(Side::kInitiator, std::move(what)); }
  std::vector<SessionEvent> told() {
    std::vector<SessionEvent> events;
    testing::take_sessions(news_, events);
    return events;
  }
  [[nodiscard]] const Session& session() const { return state_.session(); }

  Events news_;
  SessionState state_;
  Moment now_{seconds{1}};
  std::uint64_t frame_{1};
};

TEST_F(Course, CountsHeartbeatsAndKeepsTheLast) {
  server(observation::HeartbeatSeen{.period = 1, .missed_before_warning = 8});
  server(observation::HeartbeatSeen{.period = 2, .missed_before_warning = 5});
  ASSERT_TRUE(session().heartbeats.has_value());
  EXPECT_EQ(session().heartbeats->count, 2U);
  EXPECT_EQ(session().heartbeats->last.period, 2);
  EXPECT_EQ(session().heartbeats->shown.frame, FrameNumber{3});
  EXPECT_EQ(told().size(), 1U);  // opened: no event of its own
}

TEST_F(Course, MeasuresTheWayToTheClientBetweenRequestAndResponse) {
  using Kind = NetworkDetection::Kind;
  server(NetworkDetection{.kind = Kind::kRttRequest, .sequence = 1});
  client(NetworkDetection{.kind = Kind::kRttResponse, .sequence = 1});
  server(NetworkDetection{.kind = Kind::kRttRequest, .sequence = 2});
  server(NetworkDetection{.kind = Kind::kRttRequest, .sequence = 3});
  client(NetworkDetection{.kind = Kind::kRttResponse, .sequence = 2});
  client(NetworkDetection{.kind = Kind::kRttResponse, .sequence = 9});
  ASSERT_TRUE(session().network.has_value());
  const auto& network = *session().network;
  EXPECT_EQ(network.rtt_requests, 3U);
  EXPECT_EQ(network.rtt_responses, 3U);
  EXPECT_EQ(network.round_trips, 2U);
  EXPECT_EQ(network.shortest, milliseconds{10});
  EXPECT_EQ(network.longest, milliseconds{20});
  EXPECT_EQ(network.sum, milliseconds{30});
}

TEST_F(Course, KeepsWhatALaterMessageLeavesOpen) {
  using Kind = NetworkDetection::Kind;
  server(NetworkDetection{.kind = Kind::kCharacteristics, .base_rtt = 5, .average_rtt = 6});
  server(NetworkDetection{.kind = Kind::kCharacteristics, .average_rtt = 7, .bandwidth = 100});
  ASSERT_TRUE(session().network.has_value());
  const auto& network = *session().network;
  EXPECT_EQ(network.base_rtt, 5U);
  EXPECT_EQ(network.average_rtt, 7U);
  EXPECT_EQ(network.bandwidth, 100U);
}

TEST_F(Course, ADemandActiveBehindADeactivationIsAReactivation) {
  using By = observation::Accepted::By;
  server(observation::Accepted{.by = By::kActivation});
  server(observation::Accepted{.by = By::kActivation});
  EXPECT_FALSE(session().reactivations.has_value());
  server(observation::Deactivated{});
  EXPECT_FALSE(session().reactivations.has_value());
  server(observation::Accepted{.by = By::kActivation});
  server(observation::Deactivated{});
  server(observation::Deactivated{});
  server(observation::Accepted{.by = By::kActivation});
  EXPECT_EQ(session().reactivations->count, 2U);
  EXPECT_EQ(session().reactivations->last, now_);
}

TEST_F(Course, TellsNoticesAndKeepsSixteen) {
  for (int i = 0; i < 20; ++i) {
    server(observation::StatusReported{.status = {.code = 0x401, .name = "FINDING_DESTINATION"}});
    server(observation::LogonNotified{.type = {.code = 0xfffffffe, .name = "SESSION_CONTINUE"}});
  }
  EXPECT_EQ(session().server_status.size(), 16U);
  EXPECT_EQ(session().logon_notifications.size(), 16U);
  EXPECT_EQ(told().size(), 33U);  // opened, and an update for each that was kept
}

TEST_F(Course, FollowsAutomaticReconnection) {
  using What = observation::AutoReconnectStep::What;
  client(observation::AutoReconnectStep{.what = What::kCookieShown, .logon_id = 4});
  server(observation::AutoReconnectStep{.what = What::kRefused});
  server(observation::AutoReconnectStep{.what = What::kCookieGiven, .logon_id = 6});
  const auto& reconnect = session().auto_reconnect.value();
  EXPECT_EQ(reconnect.shown_logon_id, 4U);
  EXPECT_TRUE(reconnect.refused);
  EXPECT_EQ(reconnect.cookies_given, 1U);
  EXPECT_EQ(reconnect.logon_id, 6U);
  EXPECT_EQ(told().size(), 3U);  // a cookie that is given is nothing new
}

TEST_F(Course, JoinsTheStepsOfLicensing) {
  server(observation::LicensingStep{.message = "LICENSE_REQUEST",
                                    .version = 3,
                                    .company_name = "Microsoft Corporation",
                                    .scopes = {"microsoft.com", "microsoft.com"}});
  client(observation::LicensingStep{
      .message = "NEW_LICENSE_REQUEST", .version = 2, .machine_name = "WS"});
  for (int i = 0; i < 20; ++i) { server(observation::LicensingStep{.message = "NEW_LICENSE"}); }
  ASSERT_TRUE(session().licensing.has_value());
  const auto& licensing = *session().licensing;
  EXPECT_EQ(licensing.messages.size(), 16U);
  EXPECT_EQ(licensing.says.version, 2);
  EXPECT_EQ(licensing.says.company_name, "Microsoft Corporation");
  EXPECT_EQ(licensing.says.machine_name, "WS");
  EXPECT_EQ(licensing.says.scopes, std::vector<std::string>{"microsoft.com"});
}

TEST_F(Course, KnowsHowAFactIsKnown) {
  see(Side::kAcceptor, observation::MonitorLayoutTold{.monitors = {{.right = 9}}},
      Certainty::kDecrypted);
  EXPECT_EQ(session().server_monitors->shown.certainty, Certainty::kDecrypted);
  client(observation::ShutdownStep{.denied = false});
  server(observation::ShutdownStep{.denied = true});
  EXPECT_EQ(session().shutdown->shown.certainty, Certainty::kObserved);
  EXPECT_LT(*session().shutdown->requested, *session().shutdown->denied);
}

TEST_F(Course, ConcludesAProgramAndReplacesItByWhatIsSurer) {
  server(observation::ConnectionConfirmed{
      .selected_protocol = 1, .flags = 3, .source_reference = std::uint16_t{0}});
  EXPECT_STREQ(session().server_implementation->name, "FreeRDP");
  server(observation::ServerPlatform{.name = "Windows", .capability_sets = {9, 1, 2, 0xe, 3}});
  EXPECT_STREQ(session().server_implementation->name, "xrdp");
  server(observation::ServerPlatform{.name = "Windows", .capability_sets = {9, 1, 0x14}});
  EXPECT_STREQ(session().server_implementation->name, "xrdp");  // not surer
  const auto events = told();
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[1].certainty, Certainty::kInferred);
  EXPECT_DOUBLE_EQ(events[1].confidence, 0.8);
  EXPECT_EQ(events[2].evidence.front().rule, "infer.server_implementation.capability_order");
}

TEST_F(Course, TellsAtItsEndHowOftenAnAnomalyHappened) {
  for (int i = 0; i < 3; ++i) { server(observation::Anomaly{.code = "a.b", .detail = "d"}); }
  server(observation::Anomaly{.code = "c.d", .detail = "once"});
  state_.close(flow(), {.how = FlowClosure::How::kFin, .by = Side::kInitiator, .at = {}}, news_);
  state_.report_closed(news_);
  const auto events = told();
  ASSERT_EQ(events.size(), 5U);  // opened, two anomalies, the count, closed
  EXPECT_FALSE(std::get<Anomaly>(events[1].what).count.has_value());
  const auto& counted = std::get<Anomaly>(events[3].what);
  EXPECT_EQ(counted.code, "a.b");
  EXPECT_EQ(counted.count, 3U);
  EXPECT_EQ(events[3].evidence.front().frame, FrameNumber{2});
  EXPECT_TRUE(std::holds_alternative<Closed>(events[4].what));
}

TEST_F(Course, NamesAVirtualMachineByItsIdentifierAndNothingElse) {
  const std::string guid = "8C31F5E9-1A02-4B7D-9E55-0D2C3B4A5F60";
  client(observation::Preconnection{.id = 0, .blob = guid + ";EnhancedMode=1"});
  client(observation::Preconnection{.id = 0, .blob = "eyJhbGciOiJSUzI1NiJ9.token"});
  client(observation::Preconnection{.id = 0, .blob = "8C31F5E9-1A02-4B7D-9E55-0D2C3B4A5F6"});
  ASSERT_EQ(session().server.names.size(), 1U);
  EXPECT_EQ(session().server.names[0].name, guid);
  EXPECT_EQ(session().server.names[0].source, NameSource::kPreconnection);
}

TEST_F(Course, TakesANameWhereAnAddressShouldStand) {
  client(observation::ClientInfo{.user = "eva", .address = "10.1.2.3"});
  EXPECT_TRUE(session().client.names.empty());
  client(observation::ClientInfo{.user = "eva", .address = "laptop.corp.example"});
  ASSERT_EQ(session().client.names.size(), 1U);
  EXPECT_EQ(session().client.names[0].source, NameSource::kClientInfo);
}

}  // namespace
}  // namespace remora::session
