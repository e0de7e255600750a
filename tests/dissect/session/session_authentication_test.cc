#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/session/tracker.h"
#include "tests/support/session_events.h"

namespace remora::session {
namespace {

using observation::Authentication;
using std::chrono::seconds;

constexpr auto kClient = Side::kInitiator;
constexpr auto kServer = Side::kAcceptor;
constexpr std::uint32_t kHybrid = 2;

/// A session with network level authentication whose TLS was opened by keys.
class Authenticating : public ::testing::Test {
 protected:
  Authenticating() {
    flow_ = {.id = FrameNumber{1}, .initiator_known = true, .sides = {}};
    flow_.sides[0] = {.address = {*IpAddress::parse("192.0.2.1"), Port{50000}},
                      .wire_bytes = 600,
                      .payload_bytes = 100,
                      .packets = 5};
    flow_.sides[1] = {.address = {*IpAddress::parse("192.0.2.2"), Port{3389}},
                      .wire_bytes = 700,
                      .payload_bytes = 200,
                      .packets = 6};
  }

  void see(Side from, Observation what, Certainty certainty = Certainty::kObserved,
           const char* rule = "test") {
    tracker_.observe(
        flow_,
        {.at = next(), .from = from, .rule = rule, .what = std::move(what), .certainty = certainty},
        news_);
    testing::take_sessions(news_, events_);
  }
  void open() {
    see(kClient,
        observation::ConnectionRequested{.cookie = "anna", .requested_protocols = kHybrid});
    see(kServer, observation::ConnectionConfirmed{.selected_protocol = kHybrid});
  }
  void decrypt(Side from, Observation what, const char* rule = "test") {
    see(from, std::move(what), Certainty::kDecrypted, rule);
  }
  void server_names() {
    decrypt(kServer, Authentication{.method = Authentication::Method::kNtlm,
                                    .step = Authentication::Step::kServer,
                                    .names = {"srv-fin.corp.example", "SRV-FIN"}});
  }
  void identity(Authentication::Method method = Authentication::Method::kNtlm) {
    decrypt(kClient, Authentication{.method = method,
                                    .step = Authentication::Step::kIdentity,
                                    .user = "anna",
                                    .domain = "CORP",
                                    .workstation = "WS-ANNA"});
  }
  void result(Authentication::Method method, std::optional<observation::NamedCode> error = {}) {
    decrypt(kServer,
            Authentication{.method = method,
                           .step = error.has_value() ? Authentication::Step::kFailed
                                                     : Authentication::Step::kSucceeded,
                           .error = std::move(error)},
            "credssp.result");
  }
  void close(Side by = kServer, FlowClosure::How how = FlowClosure::How::kFin) {
    tracker_.flow_closed(flow_, {.how = how, .by = by, .at = next()}, news_);
    testing::take_sessions(news_, events_);
  }
  void seal(Side from, std::uint32_t size) {
    see(from, observation::SealedRecord{.plaintext_bytes = size, .exact = true});
  }
  /// The records of a connection sequence, by their lengths (sealed_login.h).
  void climb_ladder() {
    seal(kClient, 12);
    seal(kClient, 8);
    seal(kServer, 11);
    seal(kServer, 15);
    seal(kClient, 300);
    seal(kServer, 34);
  }

  [[nodiscard]] std::string story() const {
    static const char* const kWords[] = {"opened", "accepted", "updated",
                                         "closed", "logon",    "anomaly"};
    std::string text;
    for (const auto& event : events_) { text += kWords[event.what.index()] + std::string{" "}; }
    return text;
  }
  [[nodiscard]] const Session& last() const { return events_.back().session; }
  [[nodiscard]] std::vector<const SessionEvent*> logons() const {
    std::vector<const SessionEvent*> all;
    for (const auto& event : events_) {
      if (std::holds_alternative<Logon>(event.what)) { all.push_back(&event); }
    }
    return all;
  }
  [[nodiscard]] static const Logon& logon(const SessionEvent* event) {
    return std::get<Logon>(event->what);
  }

  Instant next() {
    ++frame_;
    return {.time = Moment{seconds{frame_}}, .frame = FrameNumber{frame_}};
  }

  FlowFacts flow_;
  std::uint64_t frame_{0};
  Tracker tracker_;
  Events news_;
  std::vector<SessionEvent> events_;
};

TEST_F(Authenticating, TellsALogonThatWasDecrypted) {
  open();
  server_names();
  identity();
  result(Authentication::Method::kNtlm);
  EXPECT_EQ(story(), "opened updated updated logon ");
  ASSERT_EQ(logons().size(), 1U);
  const auto* event = logons()[0];
  EXPECT_EQ(event->certainty, Certainty::kDecrypted);
  EXPECT_EQ(event->evidence[0].rule, "credssp.result");
  EXPECT_EQ(logon(event).method, Logon::Method::kCredSspNtlm);
  EXPECT_TRUE(logon(event).succeeded);
  EXPECT_EQ(logon(event).user.name, "anna");
  EXPECT_EQ(logon(event).user.domain, "CORP");
  EXPECT_EQ(logon(event).user.certainty, Certainty::kDecrypted);
  EXPECT_TRUE(last().decrypted);
  EXPECT_EQ(events_[1].certainty, Certainty::kDecrypted);
}

TEST_F(Authenticating, LearnsUsersAndNames) {
  open();
  server_names();
  identity();
  ASSERT_EQ(last().users.size(), 1U);
  EXPECT_EQ(last().users[0].source, UserSource::kNtlm);
  EXPECT_EQ(last().users[0].certainty, Certainty::kDecrypted);
  ASSERT_EQ(last().server.names.size(), 2U);
  EXPECT_EQ(last().server.names[0].name, "srv-fin.corp.example");
  EXPECT_EQ(last().server.names[0].source, NameSource::kNtlm);
  ASSERT_EQ(last().client.names.size(), 1U);
  EXPECT_EQ(last().client.names[0].name, "WS-ANNA");
  EXPECT_EQ(last().client.names[0].source, NameSource::kNtlm);
}

TEST_F(Authenticating, KnowsTheServerByTheServiceOfItsTicket) {
  open();
  decrypt(kClient, Authentication{.method = Authentication::Method::kKerberos,
                                  .step = Authentication::Step::kIdentity,
                                  .domain = "CORP.EXAMPLE",
                                  .target = "TERMSRV/srv-fin.corp.example"});
  result(Authentication::Method::kKerberos);
  ASSERT_EQ(last().server.names.size(), 1U);
  EXPECT_EQ(last().server.names[0].name, "srv-fin.corp.example");
  EXPECT_EQ(last().server.names[0].source, NameSource::kKerberos);
  EXPECT_TRUE(last().users.empty());
  EXPECT_EQ(logon(logons().at(0)).method, Logon::Method::kCredSspKerberos);
  EXPECT_TRUE(logon(logons().at(0)).user.name.empty());
}

TEST_F(Authenticating, AddsWhatAnNtlmClientDialledWhereTheServerHasNoSuchName) {
  open();
  const Authentication dialled{.method = Authentication::Method::kNtlm,
                               .step = Authentication::Step::kIdentity,
                               .user = "anna",
                               .workstation = "SRV-FIN",
                               .target = "TERMSRV/alias.corp.example:3390"};
  server_names();
  decrypt(kClient, dialled);
  ASSERT_EQ(last().server.names.size(), 3U);
  EXPECT_EQ(last().server.names[2].name, "alias.corp.example");
  EXPECT_TRUE(last().client.names.empty());  // it repeats the server's
  auto by_address = dialled;
  by_address.target = "TERMSRV/192.0.2.2";
  decrypt(kClient, by_address);
  EXPECT_EQ(last().server.names.size(), 3U);
}

TEST_F(Authenticating, EndsAsFailedWithTheServersReason) {
  open();
  identity();
  result(Authentication::Method::kNtlm,
         observation::NamedCode{.code = 0xc000006d, .name = "STATUS_LOGON_FAILURE"});
  close();
  EXPECT_EQ(story(), "opened updated logon closed ");
  EXPECT_FALSE(logon(logons().at(0)).succeeded);
  EXPECT_EQ(logon(logons().at(0)).error->code, 0xc000006dU);
  EXPECT_EQ(logon(logons().at(0)).user.name, "anna");
  EXPECT_EQ(last().outcome, Outcome::kAuthenticationFailed);
  EXPECT_EQ(last().error->name, "STATUS_LOGON_FAILURE");
  EXPECT_EQ(events_.back().evidence.back().rule, "credssp.result");
}

TEST_F(Authenticating, TakesAConnectionThatEndsWithoutAnAnswerForARefusal) {
  open();
  identity();
  seal(kClient, 40);
  seal(kServer, 200);
  seal(kClient, 500);
  close();
  EXPECT_EQ(last().outcome, Outcome::kAuthenticationFailed);
  EXPECT_EQ(events_.back().evidence.back().rule, "infer.authentication_failed.no_answer");
}

TEST_F(Authenticating, ConcludesNothingWhereTheCaptureEnds) {
  open();
  identity();
  close(kServer, FlowClosure::How::kCaptureEnd);
  EXPECT_EQ(last().outcome, Outcome::kUnknown);
}

TEST_F(Authenticating, ConcludesNothingFromLengthsWhereItWasLetIn) {
  open();
  identity();
  result(Authentication::Method::kNtlm);
  for (int i = 0; i < 4; ++i) { seal(kClient, 500); }
  close();
  EXPECT_EQ(last().outcome, Outcome::kUnknown);
}

TEST_F(Authenticating, RefusesAKnownUserWhoMayNotLogOnHere) {
  open();
  identity();
  result(Authentication::Method::kNtlm);
  result(Authentication::Method::kNtlm,
         observation::NamedCode{.code = 5, .name = "AUTHZ_ACCESS_DENIED"});
  close();
  ASSERT_EQ(logons().size(), 2U);
  EXPECT_TRUE(logon(logons()[0]).succeeded);
  EXPECT_FALSE(logon(logons()[1]).succeeded);
  EXPECT_EQ(last().outcome, Outcome::kAuthenticationFailed);
}

TEST_F(Authenticating, LetsLengthsBeSilentWhereTheConnectionIsRead) {
  open();
  identity();
  result(Authentication::Method::kNtlm);
  decrypt(kClient, observation::ClientSettings{});
  climb_ladder();
  EXPECT_EQ(story().find("accepted"), std::string::npos) << story();
  decrypt(kServer, observation::Accepted{.by = observation::Accepted::By::kLicense});
  const auto& accepted = events_.back();
  EXPECT_TRUE(std::holds_alternative<Accepted>(accepted.what));
  EXPECT_EQ(accepted.certainty, Certainty::kDecrypted);
  close();
  EXPECT_EQ(last().outcome, Outcome::kEstablished);
}

TEST_F(Authenticating, LetsLengthsTellWhereDecryptionEndedBeforeTheConnection) {
  open();
  identity();
  result(Authentication::Method::kNtlm);
  climb_ladder();
  ASSERT_TRUE(std::holds_alternative<Accepted>(events_.back().what)) << story();
  EXPECT_EQ(events_.back().certainty, Certainty::kInferred);
}

TEST_F(Authenticating, TellsWhoIsLoggedOnAsAFactOfItsOwn) {
  open();
  identity();
  result(Authentication::Method::kNtlm);
  decrypt(kServer,
          observation::LogonReported{.user = "boss", .domain = "CORP", .windows_session_id = 3});
  ASSERT_EQ(logons().size(), 2U);
  EXPECT_EQ(logon(logons()[0]).method, Logon::Method::kCredSspNtlm);
  EXPECT_EQ(logon(logons()[1]).method, Logon::Method::kSaveSessionInfo);
  EXPECT_EQ(logon(logons()[1]).user.name, "boss");
  EXPECT_EQ(logons()[1]->certainty, Certainty::kDecrypted);
  ASSERT_EQ(last().users.size(), 2U);
  EXPECT_EQ(last().users[1].source, UserSource::kSaveSessionInfo);
}

TEST_F(Authenticating, KnowsRdstls) {
  open();
  identity(Authentication::Method::kRdstls);
  result(Authentication::Method::kRdstls);
  EXPECT_EQ(last().users[0].source, UserSource::kRdstls);
  EXPECT_EQ(logon(logons().at(0)).method, Logon::Method::kRdstls);
}

TEST_F(Authenticating, RemembersALoginThatComesBeforeTheRequest) {
  // [MS-RDPBCGR] 5.4.2.2: TLS and CredSSP first, then the X.224 request.
  server_names();
  identity();
  result(Authentication::Method::kNtlm);
  EXPECT_TRUE(events_.empty());
  decrypt(kClient, observation::ConnectionRequested{.requested_protocols = kHybrid});
  EXPECT_EQ(story(), "opened updated updated logon ");
  EXPECT_EQ(events_[0].certainty, Certainty::kDecrypted);
  EXPECT_EQ(logons()[0]->at.frame, FrameNumber{4});
  EXPECT_EQ(logons()[0]->evidence[0].frame, FrameNumber{3});
  EXPECT_TRUE(last().decrypted);
}

TEST_F(Authenticating, SaysNothingOfALoginWithoutASession) {
  identity();
  result(Authentication::Method::kNtlm);
  close();
  EXPECT_TRUE(events_.empty());
}

}  // namespace
}  // namespace remora::session
