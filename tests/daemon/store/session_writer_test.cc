#include "daemon/store/session_writer.h"

#include <algorithm>
#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/store/made_events.h"

namespace remora::store {
namespace {

using testing::ElementsAre;

struct SessionWriterTest : testing::Test {
  ScratchFile file;
  Store store{open_store(file.path())};
  std::vector<std::string> ask(const std::string& sql) const { return rows(file.path(), sql); }
};

TEST_F(SessionWriterTest, KeepsWhatTheSessionSays) {
  auto event = closed("s1", 60);
  auto& session = *event.mutable_session_closed()->mutable_session();
  session.set_initiator(v1::Session::CLIENT);
  session.mutable_opened()->set_seconds(10);
  session.mutable_accepted()->set_seconds(12);
  session.mutable_duration()->set_seconds(50);
  session.mutable_active_duration()->set_nanos(5);
  session.mutable_client()->set_fqdn("pc7.corp.example");
  session.mutable_negotiation()->set_selected_protocol(v1::Negotiation::CREDSSP);
  session.mutable_security()->mutable_tls()->set_version("TLS 1.2");
  session.mutable_error()->set_code(12);
  session.set_ticket_id("t1");
  session.mutable_totals()->set_client_bytes(7);
  session.mutable_totals()->set_server_bytes(8);
  session.mutable_users(0)->set_domain("CORP");
  add(store, {event});
  EXPECT_THAT(
      ask("SELECT session_id, kind, direction, initiator, opened_ns, accepted_ns, closed_ns, "
          "duration_ns, active_ns FROM sessions"),
      ElementsAre("s1|RDP|FORWARD|CLIENT|10000000000|12000000000|60000000000|50000000000|5"));
  EXPECT_THAT(ask("SELECT client_address, client_port, client_name, server_address, server_port, "
                  "server_name FROM sessions"),
              ElementsAre("192.0.2.1|50000|pc7.corp.example|198.51.100.7|3389|-"));
  EXPECT_THAT(ask("SELECT user, protocol, encryption, outcome, end_reason, error, ticket_id, "
                  "client_bytes, server_bytes FROM sessions"),
              ElementsAre("CORP\\eva|CREDSSP|TLS 1.2|ESTABLISHED|CLIENT_CLOSED|12|t1|7|8"));
  EXPECT_THAT(ask("SELECT event_id FROM events JOIN sessions ON id = sessions.event"),
              ElementsAre("s1-closed-60"));
}

TEST_F(SessionWriterTest, LeavesOutWhatIsNotKnown) {
  add(store, {made_event("e", "", 1), opened("s1", 5, "")});
  EXPECT_THAT(ask("SELECT closed_ns, client_name, user, outcome, end_reason, error FROM sessions"),
              ElementsAre("-|-|-|-|-|-"));
  EXPECT_THAT(ask("SELECT * FROM users"), ElementsAre());
}

TEST_F(SessionWriterTest, SaysWhatTheLatestEventSaysInWhateverOrderTheyCome) {
  // An update that is later than the end by its time is not later: the end has everything.
  std::array<v1::Event, 4> events{opened("s1", 1, "one"), updated("s1", 2, "two"),
                                  updated("s1", 9, "nine"), closed("s1", 5, "five")};
  std::array<std::size_t, 4> order{0, 1, 2, 3};
  int number = 0;
  do {
    for (const bool together : {true, false}) {
      const ScratchFile other;
      auto kept = open_store(other.path());
      std::vector<v1::Event> batch;
      for (const auto at : order) {
        batch.push_back(events.at(at));
        if (together) { continue; }
        add(kept, batch);
        batch.clear();
      }
      if (together) { add(kept, batch); }
      EXPECT_THAT(rows(other.path(), "SELECT user, end_reason, last_ns FROM sessions"),
                  ElementsAre("five|CLIENT_CLOSED|5000000000"))
          << number;
      EXPECT_THAT(rows(other.path(), "SELECT name FROM users"), ElementsAre("five"));
    }
    ++number;
  } while (std::ranges::next_permutation(order).found);
  EXPECT_EQ(number, 24);
}

TEST_F(SessionWriterTest, TakesTheLaterOfTwoUpdates) {
  add(store, {updated("s1", 9, "nine")});
  add(store, {opened("s1", 1, "one"), updated("s1", 2, "two")});
  EXPECT_THAT(ask("SELECT user, last_ns FROM sessions"), ElementsAre("nine|9000000000"));
}

TEST_F(SessionWriterTest, KeepsEveryUserAndTheCookie) {
  auto event = closed("s1", 5, "Eva");
  auto& session = *event.mutable_session_closed()->mutable_session();
  auto& second = *session.add_users();
  second.set_name("ÄNNE");
  second.set_domain("CORP");
  second.set_source(v1::User::SAVE_SESSION_INFO);
  second.set_certainty(v1::Knowledge::DECRYPTED);
  session.mutable_negotiation()->set_cookie("ev");
  add(store, {event});
  EXPECT_THAT(ask("SELECT name, domain, source, certainty, name_folded, domain_folded FROM users "
                  "ORDER BY position"),
              ElementsAre("Eva|-|SOURCE_UNSPECIFIED|-|eva|-",
                          "ÄNNE|CORP|SAVE_SESSION_INFO|DECRYPTED|änne|corp", "ev|-|COOKIE|-|ev|-"));
  EXPECT_THAT(ask("SELECT user FROM sessions"), ElementsAre("CORP\\ÄNNE"));
}

TEST_F(SessionWriterTest, KeepsAddressesAndNamesOfBothEndsAndThePath) {
  auto event = closed("s1", 5);
  auto& session = *event.mutable_session_closed()->mutable_session();
  session.mutable_server()->set_fqdn("Srv.Corp.Example");
  session.mutable_server()->add_names()->set_name("SRV");
  auto& hop = *session.add_path();
  hop.set_role(v1::PathEntry::GATEWAY);
  hop.set_address("2001:db8::9");
  hop.set_name("gw.example");
  add(store, {event});
  EXPECT_THAT(ask("SELECT role, host FROM hosts ORDER BY role, host"),
              ElementsAre("CLIENT|192.0.2.1", "GATEWAY|2001:db8::9", "GATEWAY|gw.example",
                          "SERVER|198.51.100.7", "SERVER|srv", "SERVER|srv.corp.example"));
}

}  // namespace
}  // namespace remora::store
