#include "daemon/emit/emitter.h"

#include <utility>

#include <gtest/gtest.h>

#include "daemon/event/kind.h"
#include "daemon/outputs/json_lines.h"

namespace remora::emit {
namespace {

session::SessionEvent closed() {
  session::SessionEvent event;
  event.at = {.time = Moment{std::chrono::seconds{1'700'000'009}}, .frame = FrameNumber{7}};
  event.what = session::Closed{};
  event.evidence = {{.frame = FrameNumber{7}, .rule = "tcp.fin", .note = {}}};
  event.flow_initiator = {*IpAddress::parse("192.0.2.1"), Port{50000}};
  event.flow_acceptor = {*IpAddress::parse("192.0.2.2"), Port{3389}};
  auto& session = event.session;
  session.client.address = event.flow_initiator;
  session.server.address = event.flow_acceptor;
  session.initiator_known = true;
  session.opened = Moment{std::chrono::seconds{1'700'000'000}};
  session.closed = event.at.time;
  session.outcome = session::Outcome::kEstablished;
  session.end_reason = session::EndReason::kServerReset;
  session.client_totals = {.wire_bytes = 600, .payload_bytes = 100, .packets = 5};
  return event;
}

const Emitter kEmitter{{.name = "tap-1", .version = "1", .source = "a.pcap"}};

TEST(Emitter, SpeaksTheWordsOfTheContract) {
  const auto event = kEmitter.to_event(closed());
  const auto& session = event->session_closed().session();
  EXPECT_EQ(session.client().address(), "192.0.2.1");
  EXPECT_EQ(session.duration().seconds(), 9);
  EXPECT_EQ(v1::Session::Outcome_Name(session.outcome()), "ESTABLISHED");
  EXPECT_EQ(v1::Session::EndReason_Name(session.end_reason()), "SERVER_RESET");
  EXPECT_EQ(v1::Session::Direction_Name(session.direction()), "FORWARD");
  EXPECT_EQ(session.totals().client_bytes(), 600U);
  EXPECT_EQ(event->community_id().substr(0, 2), "1:");
  EXPECT_EQ(event->session_id().size(), 32U);
  EXPECT_EQ(event->event_id().size(), 32U);
}

TEST(Emitter, GivesTheSameBytesForTheSameEvent) {
  EXPECT_EQ(outputs::to_json_line(*kEmitter.to_event(closed())),
            outputs::to_json_line(*kEmitter.to_event(closed())));
}

TEST(Emitter, GivesEachEventAnIdOfItsOwn) {
  const auto first = kEmitter.to_event(closed());
  auto second = closed();
  second.ordinal = 1;
  auto third = closed();
  third.at.time += Nanoseconds{1};
  EXPECT_NE(kEmitter.to_event(second)->event_id(), first->event_id());
  EXPECT_NE(kEmitter.to_event(third)->event_id(), first->event_id());
}

TEST(Emitter, SaysNothingOfWhatIsNotKnown) {
  auto event = closed();
  event.session.initiator_known = false;
  const auto line = outputs::to_json_line(*kEmitter.to_event(event));
  for (const auto* absent :
       {"UNSPECIFIED", "direction", "initiator", "security", "users", "fqdn", "\"\"", "accepted"}) {
    EXPECT_EQ(line.find(absent), std::string::npos) << absent << " in " << line;
  }
}

TEST(Emitter, SaysHowALogonIsKnown) {
  using Method = session::Logon::Method;
  for (const auto& [method, word] :
       {std::pair{Method::kSaveSessionInfo, "SAVE_SESSION_INFO"},
        std::pair{Method::kCredSspNtlm, "CREDSSP_NTLM"},
        std::pair{Method::kCredSspKerberos, "CREDSSP_KERBEROS"},
        std::pair{Method::kCredSsp, "CREDSSP"}, std::pair{Method::kRdstls, "RDSTLS"}}) {
    auto event = closed();
    event.what = session::Logon{
        .user = {.name = "anna",
                 .domain = "CORP",
                 .source = session::UserSource::kRdstls,
                 .certainty = Certainty::kDecrypted},
        .method = method,
        .succeeded = false,
        .windows_session_id = std::nullopt,
        .error = observation::NamedCode{.code = 0xc000006d, .name = "STATUS_LOGON_FAILURE"}};
    event.certainty = Certainty::kDecrypted;
    const auto told = kEmitter.to_event(event);
    EXPECT_EQ(told->logon().method(), word);
    EXPECT_FALSE(told->logon().succeeded());
    EXPECT_EQ(told->logon().error().name(), "STATUS_LOGON_FAILURE");
    EXPECT_EQ(v1::User::Source_Name(told->logon().user().source()), "RDSTLS");
    EXPECT_EQ(told->certainty(), v1::Knowledge::DECRYPTED);
  }
}

TEST(Emitter, ChoosesTheBestName) {
  auto event = closed();
  using session::NameSource;
  event.session.server.names = {
      {.name = "WS", .source = NameSource::kTlsCertificate, .seen = {}},
      {.name = "sni.example", .source = NameSource::kTlsSni, .seen = {}},
      {.name = "*.corp.example", .source = NameSource::kTlsCertificate, .seen = {}},
      {.name = "ws.corp.example", .source = NameSource::kTlsCertificate, .seen = {}}};
  const auto told = kEmitter.to_event(event);
  EXPECT_EQ(told->session_closed().session().server().fqdn(), "ws.corp.example");
  EXPECT_EQ(told->session_closed().session().server().names_size(), 4);
}

TEST(Emitter, TellsHopsFromTheTtl) {
  auto event = closed();
  event.session.client.ttl = 126;
  event.session.server.ttl = 64;
  const auto told = kEmitter.to_event(event);
  const auto& path = told->session_closed().session().path();
  ASSERT_EQ(path.size(), 2);
  EXPECT_EQ(path[0].hops_from_sensor(), 2U);
  EXPECT_EQ(path[1].hops_from_sensor(), 0U);
}

TEST(Emitter, TellsHealthInAStableOrder) {
  const auto event = kEmitter.to_event(Health{.start = {},
                                              .end = {},
                                              .frames = 3,
                                              .wire_bytes = 9,
                                              .drops = {{"not_ip", 2}, {"bad_header", 1}}});
  ASSERT_EQ(event->sensor_health().drops_size(), 2);
  EXPECT_EQ(event->sensor_health().drops(0).reason(), "bad_header");
  EXPECT_EQ(kind_name(*event), "sensor_health");
}

}  // namespace
}  // namespace remora::emit
