#include "dissect/session/tracker.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/session_events.h"

namespace remora::session {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr auto kClient = Side::kInitiator;
constexpr auto kServer = Side::kAcceptor;

Instant at(Nanoseconds time) {
  static std::uint64_t frame = 100;
  return {.time = Moment{time}, .frame = FrameNumber{++frame}};
}

FlowFacts flow(std::uint64_t id, std::uint16_t client_port) {
  FlowFacts facts{.id = FrameNumber{id}, .initiator_known = true, .sides = {}};
  facts.sides[0] = {.address = {*IpAddress::parse("192.0.2.1"), Port{client_port}},
                    .wire_bytes = 600,
                    .payload_bytes = 100,
                    .packets = 5};
  facts.sides[1] = {.address = {*IpAddress::parse("192.0.2.2"), Port{3389}},
                    .wire_bytes = 700,
                    .payload_bytes = 200,
                    .packets = 6};
  return facts;
}

std::string word(const SessionEvent& event) {
  static const char* const kWords[] = {"opened", "accepted", "updated",
                                       "closed", "logon",    "anomaly"};
  return kWords[event.what.index()];
}

class Tracking : public ::testing::Test {
 protected:
  void see(const FlowFacts& on, Side from, Instant when, Observation what) {
    tracker_.observe(on, {.at = when, .from = from, .rule = "test", .what = std::move(what)},
                     news_);
    testing::take_sessions(news_, events_);
  }
  void request(const FlowFacts& on, Nanoseconds when, std::optional<std::uint32_t> protocols,
               Side from = kClient) {
    see(on, from, at(when),
        observation::ConnectionRequested{.cookie = "eva", .requested_protocols = protocols});
  }
  void confirm(const FlowFacts& on, Nanoseconds when, std::uint32_t protocol) {
    see(on, kServer, at(when), observation::ConnectionConfirmed{.selected_protocol = protocol});
  }
  void fail(const FlowFacts& on, Nanoseconds when) {
    see(on, kServer, at(when),
        observation::NegotiationFailed{
            .failure = {.code = 2, .name = "SSL_NOT_ALLOWED_BY_SERVER"}});
  }
  void close(const FlowFacts& on, Nanoseconds when, FlowClosure::How how, Side by = kClient) {
    tracker_.flow_closed(on, {.how = how, .by = by, .at = at(when)}, news_);
    testing::take_sessions(news_, events_);
  }
  void advance(Moment now) {
    tracker_.advance(now, news_);
    testing::take_sessions(news_, events_);
  }
  void finish() {
    tracker_.finish(news_);
    testing::take_sessions(news_, events_);
  }
  [[nodiscard]] std::string story() const {
    std::string text;
    for (const auto& event : events_) { text += word(event) + ' '; }
    return text;
  }
  [[nodiscard]] const Session& last() const { return events_.back().session; }

  Tracker tracker_;
  Events news_;
  std::vector<SessionEvent> events_;
};

TEST_F(Tracking, OpensWithTheRequestAndClosesWithTheFlow) {
  const auto on = flow(1, 50000);
  request(on, seconds{1}, 3);
  confirm(on, seconds{1}, 0);
  see(on, kServer, at(seconds{2}), observation::Accepted{});
  close(on, seconds{9}, FlowClosure::How::kFin);
  EXPECT_EQ(story(), "opened accepted closed ");
  EXPECT_EQ(last().opened, Moment{seconds{1}});
  EXPECT_EQ(last().accepted, Moment{seconds{2}});
  EXPECT_EQ(last().closed, Moment{seconds{9}});
  EXPECT_EQ(last().outcome, Outcome::kEstablished);
  EXPECT_EQ(last().end_reason, EndReason::kClientClosed);
  EXPECT_FALSE(last().reverse);
  EXPECT_EQ(last().client_totals.wire_bytes, 600U);
  EXPECT_EQ(tracker_.open_sessions(), 0U);
}

/// One side's FIN, and then what the other sends shows what it was.
TEST_F(Tracking, IsNotOverBeforeItBegins) {
  for (const auto fin : {milliseconds{900}, milliseconds{1000}}) {
    const auto on = flow(static_cast<std::uint64_t>(fin.count()), 50000);
    const auto ended = at(fin);
    confirm(on, seconds{1}, 0);
    tracker_.flow_closed(on, {.how = FlowClosure::How::kFin, .by = kClient, .at = ended}, news_);
    testing::take_sessions(news_, events_);
    const auto& opened = events_[events_.size() - 2];
    EXPECT_EQ(last().closed, last().opened);
    EXPECT_EQ(events_.back().at.time, opened.at.time);
    EXPECT_EQ(events_.back().at.frame, FrameNumber{}) << "behind all frames of that time";
    ASSERT_FALSE(events_.back().evidence.empty());
    EXPECT_EQ(events_.back().evidence.front().frame, ended.frame);
  }
}

TEST_F(Tracking, AddsTheTimeBetweenInputsThatAreAMinuteApartAtMost) {
  const auto on = flow(1, 50000);
  request(on, seconds{1}, 0);
  for (const int second : {10, 11, 71, 132, 140, 140}) {  // 1 s, 60 s, a pause, 8 s, nothing
    see(on, kClient, at(seconds{second}), observation::InputSeen{.keys = 1});
  }
  EXPECT_EQ(story(), "opened ");
  close(on, seconds{200}, FlowClosure::How::kFin);
  EXPECT_EQ(last().active_duration, Nanoseconds{seconds{69}});
}

TEST_F(Tracking, KnowsNoActivityWhereNoInputWasRead) {
  const auto on = flow(1, 50000);
  request(on, seconds{1}, 0);
  close(on, seconds{200}, FlowClosure::How::kFin);
  EXPECT_FALSE(last().active_duration.has_value());
}

TEST_F(Tracking, CallsItReverseWhenTheAcceptorSendsTheRequest) {
  const auto on = flow(1, 50000);
  request(on, seconds{1}, 0, kServer);
  EXPECT_TRUE(last().reverse);
  EXPECT_EQ(last().client.address.port, Port{3389});
  EXPECT_EQ(last().server.address.port, Port{50000});
}

TEST_F(Tracking, DoesNotCallItReverseWhenNoHandshakeWasSeen) {
  auto on = flow(1, 50000);
  on.initiator_known = false;
  request(on, seconds{1}, 0, kServer);
  EXPECT_FALSE(last().reverse);
}

TEST_F(Tracking, JoinsARetryWithOtherProtocolsToTheFailedAttempt) {
  const auto first = flow(1, 50000);
  const auto second = flow(2, 50001);
  request(first, seconds{1}, 3);
  fail(first, seconds{1});
  close(first, seconds{1}, FlowClosure::How::kReset);
  request(second, seconds{2}, 0);
  confirm(second, seconds{2}, 0);
  close(second, seconds{5}, FlowClosure::How::kFin);
  EXPECT_EQ(story(), "opened updated updated closed ");
  EXPECT_EQ(last().attempts, 2U);
  EXPECT_EQ(last().id, events_.front().session.id);
  EXPECT_EQ(last().opened, Moment{seconds{1}});
  EXPECT_FALSE(last().failure.has_value());
  EXPECT_EQ(last().client.address.port, Port{50001});
  EXPECT_EQ(last().client_totals.packets, 10U);
}

TEST_F(Tracking, CountsAnAttemptWhoseFlowClosesAfterItsRetryBegan) {
  const auto first = flow(1, 50000);
  const auto second = flow(2, 50001);
  request(first, seconds{1}, 3);
  fail(first, seconds{1});
  request(second, seconds{2}, 0);
  close(first, seconds{2}, FlowClosure::How::kReset);
  close(second, seconds{5}, FlowClosure::How::kFin);
  EXPECT_EQ(story(), "opened updated updated closed ");
  EXPECT_EQ(last().client_totals.packets, 10U);
}

TEST_F(Tracking, DoesNotJoinTheSameQuestionAskedTwice) {
  const auto first = flow(1, 50000);
  request(first, seconds{1}, 3);
  fail(first, seconds{1});
  close(first, seconds{1}, FlowClosure::How::kReset);
  request(flow(2, 50001), seconds{2}, 3);
  EXPECT_EQ(last().attempts, 1U);
  EXPECT_NE(last().id, events_.front().session.id);
}

TEST_F(Tracking, DoesNotJoinARetryThatComesTooLate) {
  const auto first = flow(1, 50000);
  request(first, seconds{1}, 3);
  fail(first, seconds{1});
  close(first, seconds{1}, FlowClosure::How::kReset);
  advance(Moment{seconds{7}});
  EXPECT_EQ(story(), "opened updated closed ");
  EXPECT_EQ(last().outcome, Outcome::kNegotiationFailed);
  EXPECT_EQ(last().closed, Moment{seconds{1}});
  request(flow(2, 50001), seconds{7}, 0);
  EXPECT_EQ(last().attempts, 1U);
}

TEST_F(Tracking, TellsEveryFailedAttemptOfAPairOnce) {
  for (std::uint64_t id = 1; id <= 5; ++id) {
    const auto on = flow(id, static_cast<std::uint16_t>(50000 + id));
    request(on, milliseconds{1000 + id}, 3);
    fail(on, milliseconds{1000 + id});
    close(on, milliseconds{1000 + id}, FlowClosure::How::kReset);
  }
  finish();
  int closed = 0;
  for (const auto& event : events_) { closed += word(event) == "closed" ? 1 : 0; }
  EXPECT_EQ(closed, 5);
}

TEST_F(Tracking, TellsNoResponseFromRefusal) {
  auto silent = flow(1, 50000);
  silent.sides[1].payload_bytes = 0;
  request(silent, seconds{1}, 3);
  close(silent, seconds{2}, FlowClosure::How::kFin, kClient);
  EXPECT_EQ(last().outcome, Outcome::kNoResponse);
  silent.id = FrameNumber{2};
  request(silent, seconds{3}, 3);
  close(silent, seconds{4}, FlowClosure::How::kReset, kServer);
  EXPECT_EQ(last().outcome, Outcome::kRefused);
}

TEST_F(Tracking, SaysSoWhereAResetCameFromAnotherDistance) {
  for (const bool other_distance : {false, true}) {
    const auto on = flow(other_distance ? 2 : 1, 50000);
    request(on, seconds{1}, 0);
    tracker_.flow_closed(on,
                         {.how = FlowClosure::How::kReset,
                          .by = kServer,
                          .at = at(seconds{2}),
                          .other_distance = other_distance},
                         news_);
    testing::take_sessions(news_, events_);
    finish();
    const auto& evidence = events_.back().evidence.front();
    EXPECT_EQ(evidence.rule, "tcp.rst");
    EXPECT_EQ(evidence.note.empty(), !other_distance);
  }
}

TEST_F(Tracking, CannotTellWhatTheServerSaidWhenItsSideWasNotCaptured) {
  auto half = flow(1, 50000);
  half.sides[1].payload_bytes = 0;
  half.sides[1].packets = 0;
  request(half, seconds{1}, 3);
  close(half, seconds{2}, FlowClosure::How::kFin, kClient);
  EXPECT_EQ(last().outcome, Outcome::kUnknown);
}

TEST_F(Tracking, LetsTheProtocolsGoodbyeSayWhoEndedIt) {
  const auto on = flow(1, 50000);
  request(on, seconds{1}, 0);
  see(on, kServer, at(seconds{2}),
      observation::ErrorReported{.error = {.code = 12, .name = "LOGOFF_BY_USER"}});
  see(on, kServer, at(seconds{2}),
      observation::DisconnectAnnounced{.reason = {.code = 3, .name = "USER_REQUESTED"}});
  close(on, seconds{3}, FlowClosure::How::kFin, kClient);
  EXPECT_EQ(last().end_reason, EndReason::kServerDisconnect);
  ASSERT_TRUE(last().error.has_value());
  EXPECT_EQ(last().error->name, "LOGOFF_BY_USER");
  EXPECT_EQ(events_.back().evidence.size(), 3U);
}

TEST_F(Tracking, InfersFailedAuthenticationWhereNoLadderFollows) {
  const auto on = flow(1, 50000);
  request(on, seconds{1}, 3);
  confirm(on, seconds{1}, 2);
  for (const auto bytes : {57U, 620U}) {
    see(on, kClient, at(seconds{2}),
        observation::SealedRecord{.from = kClient, .plaintext_bytes = bytes, .exact = true});
  }
  close(on, seconds{3}, FlowClosure::How::kReset, kServer);
  EXPECT_EQ(last().outcome, Outcome::kAuthenticationFailed);
  EXPECT_EQ(events_.back().evidence.back().rule, "infer.authentication_failed.no_mcs_ladder");
}

TEST_F(Tracking, TakesAClientThatLeavesForFailedOnlyBehindAShortAnswer) {
  for (const auto& [bytes, outcome] :
       {std::pair{30U, Outcome::kAuthenticationFailed}, std::pair{336U, Outcome::kUnknown}}) {
    const auto on = flow(bytes, static_cast<std::uint16_t>(50000 + bytes));
    request(on, seconds{1}, 3);
    confirm(on, seconds{1}, 2);
    for (const auto of_client : {80U, 928U}) {
      see(on, kClient, at(seconds{2}),
          observation::SealedRecord{.from = kClient, .plaintext_bytes = of_client, .exact = true});
    }
    see(on, kServer, at(seconds{2}),
        observation::SealedRecord{.from = kServer, .plaintext_bytes = bytes, .exact = true});
    close(on, seconds{3}, FlowClosure::How::kFin, kClient);
    EXPECT_EQ(last().outcome, outcome) << bytes;
  }
}

TEST_F(Tracking, TellsALogonAndRemembersTheUser) {
  const auto on = flow(1, 50000);
  request(on, seconds{1}, 0);
  see(on, kServer, at(seconds{2}),
      observation::LogonReported{.user = "alice", .domain = "CORP", .windows_session_id = 2});
  EXPECT_EQ(story(), "opened logon ");
  ASSERT_EQ(last().users.size(), 1U);
  EXPECT_EQ(last().users[0].name, "alice");
  EXPECT_EQ(last().windows_session_id, 2U);
}

TEST_F(Tracking, TellsEachKindOfDamageOnce) {
  const auto on = flow(1, 50000);
  request(on, seconds{1}, 0);
  for (int i = 0; i < 10; ++i) {
    see(on, kServer, at(seconds{2}), observation::Damage{.what = "length at 2: 1 of 2 bytes"});
  }
  EXPECT_EQ(story(), "opened anomaly ");
}

TEST_F(Tracking, DoesNotRepeatWithoutEndWhatAPeerRepeats) {
  const auto on = flow(1, 50000);
  request(on, seconds{1}, 0);
  for (int i = 0; i < 10'000; ++i) {
    see(on, kServer, at(seconds{2}), observation::LogonReported{.user = "alice"});
  }
  close(on, seconds{3}, FlowClosure::How::kFin);
  EXPECT_EQ(events_.size(), 502U);
  EXPECT_EQ(word(events_.back()), "closed");
}

TEST_F(Tracking, OpensNothingForDamageAlone) {
  see(flow(1, 50000), kServer, at(seconds{2}), observation::Damage{.what = "x"});
  EXPECT_TRUE(events_.empty());
}

TEST_F(Tracking, OpensWithTheServersAnswerWhenTheRequestWasNotCaptured) {
  const auto on = flow(1, 50000);
  confirm(on, seconds{1}, 1);
  EXPECT_EQ(story(), "opened ");
  EXPECT_EQ(last().client.address.port, Port{50000});
  EXPECT_EQ(last().server.address.port, Port{3389});
}

TEST_F(Tracking, KnowsRemoteAssistanceByItsChannels) {
  const auto on = flow(1, 50000);
  request(on, seconds{1}, 0);
  observation::ClientSettings settings;
  settings.channels = {{.name = "encomsp"}, {.name = "remdesk"}};
  settings.client_name = "EXPERT-PC";
  see(on, kClient, at(seconds{1}), settings);
  EXPECT_EQ(last().kind, SessionKind::kRemoteAssistance);
  ASSERT_EQ(last().client.names.size(), 1U);
  EXPECT_EQ(last().client.names[0].name, "EXPERT-PC");
}

TEST_F(Tracking, DoesNotTakeAnAddressForAName) {
  const auto on = flow(1, 50000);
  request(on, seconds{1}, 1);
  see(on, kClient, at(seconds{1}),
      observation::TlsClientHello{.versions = {}, .sni = "192.0.2.2", .alpn = {}});
  observation::CertificateSeen certificate;
  certificate.common_name = "srv.corp.example";
  certificate.names = {"srv.corp.example", "192.0.2.2"};
  see(on, kServer, at(seconds{1}), certificate);
  ASSERT_EQ(last().server.names.size(), 1U);
  EXPECT_EQ(last().server.names[0].name, "srv.corp.example");
}

TEST_F(Tracking, WarnsWhenTheServerSawAnotherRequest) {
  const auto on = flow(1, 50000);
  request(on, seconds{1}, 3);
  observation::ServerSettings settings;
  settings.client_requested_protocols = 1;
  see(on, kServer, at(seconds{1}), settings);
  EXPECT_EQ(story(), "opened anomaly ");
}

TEST_F(Tracking, ClosesAFailureThatIsForgottenAfterNobodyRetried) {
  const auto on = flow(1, 50000);
  request(on, seconds{1}, 1);
  fail(on, seconds{1});
  advance(Moment{seconds{70}});
  close(on, milliseconds{1500}, FlowClosure::How::kFin);
  EXPECT_EQ(story(), "opened updated closed ");
  EXPECT_EQ(tracker_.open_sessions(), 0U);
}

TEST_F(Tracking, ClosesBothOfTwoFailuresAtTheSameTime) {
  const auto one = flow(1, 50000);
  const auto two = flow(2, 50001);
  request(one, seconds{1}, 1);
  request(two, seconds{1}, 1);
  fail(one, seconds{1});
  fail(two, seconds{1});
  close(one, milliseconds{1500}, FlowClosure::How::kFin);
  close(two, milliseconds{1500}, FlowClosure::How::kFin);
  advance(Moment{seconds{7}});
  EXPECT_EQ(story(), "opened opened updated updated closed closed ");
  EXPECT_EQ(tracker_.open_sessions(), 0U);
}

}  // namespace
}  // namespace remora::session
