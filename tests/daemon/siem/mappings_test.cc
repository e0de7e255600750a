#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "daemon/siem/cef.h"
#include "daemon/siem/ecs.h"
#include "daemon/siem/facts.h"
#include "daemon/siem/leef.h"
#include "daemon/siem/ocsf.h"
#include "daemon/siem/paths.h"
#include "tests/support/full_events.h"

namespace remora::siem {
namespace {

v1::Event closed(v1::Session::Initiator initiator) {
  v1::Event event;
  event.set_event_id("e1");
  event.mutable_time()->set_seconds(1'796'115'600);
  event.set_certainty(v1::Knowledge::OBSERVED);
  auto& session = *event.mutable_session_closed()->mutable_session();
  session.set_initiator(initiator);
  session.mutable_client()->set_address("192.0.2.11");
  session.mutable_client()->set_port(49159);
  session.mutable_server()->set_address("198.51.100.21");
  session.mutable_server()->set_port(3389);
  session.mutable_totals()->set_client_bytes(7);
  session.mutable_totals()->set_server_bytes(40);
  session.set_outcome(v1::Session::ESTABLISHED);
  return event;
}

Json ecs_of(const v1::Event& event) {
  return Json::parse(to_ecs(event));
}
Json ocsf_of(const v1::Event& event) {
  return Json::parse(to_ocsf(event));
}

const Json& at(const Json& tree, std::string_view path) {
  static const Json nothing;
  const auto* found = find(tree, path);
  return found == nullptr ? nothing : *found;
}

TEST(Ecs, TheSourceOfAForwardConnectionIsTheClient) {
  const auto line = ecs_of(closed(v1::Session::CLIENT));
  EXPECT_EQ(at(line, "source.ip"), "192.0.2.11");
  EXPECT_EQ(at(line, "source.bytes"), 7);
  EXPECT_EQ(at(line, "destination.port"), 3389);
  EXPECT_EQ(at(line, "network.bytes"), 47);
}

TEST(Ecs, EveryLineHasATime) {
  EXPECT_TRUE(to_ecs(closed(v1::Session::CLIENT)).starts_with("{\"@timestamp\":\"2026-12-01T"));
  EXPECT_EQ(at(ecs_of(v1::Event{}), "@timestamp"), "1970-01-01T00:00:00Z");
}

TEST(Ecs, TheSourceOfAReverseConnectionIsTheServerAndRolesAreKept) {
  const auto line = ecs_of(closed(v1::Session::SERVER));
  EXPECT_EQ(at(line, "source.ip"), "198.51.100.21");
  EXPECT_EQ(at(line, "source.bytes"), 40);
  EXPECT_EQ(at(line, "destination.ip"), "192.0.2.11");
  EXPECT_EQ(at(line, "remora.client.address"), "192.0.2.11");
  EXPECT_EQ(at(line, "remora.server.address"), "198.51.100.21");
}

TEST(Ecs, ARefusedSessionIsDeniedWhenItEnds) {
  auto event = closed(v1::Session::CLIENT);
  event.mutable_session_closed()->mutable_session()->set_outcome(v1::Session::REFUSED);
  const auto line = ecs_of(event);
  EXPECT_EQ(at(line, "event.outcome"), "failure");
  EXPECT_EQ(at(line, "event.type"), Json::array({"connection", "end", "denied"}));
}

TEST(Ecs, WhatHasNoFieldIsUnderRemora) {
  const auto line = ecs_of(closed(v1::Session::CLIENT));
  EXPECT_EQ(at(line, "remora.certainty"), "OBSERVED");
  EXPECT_FALSE(at(line, "remora").contains("source_end"));
}

TEST(Ecs, EachTextThatIsNoAddressStaysOutOfTheIpFields) {
  auto event = closed(v1::Session::CLIENT);
  event.mutable_session_closed()->mutable_session()->mutable_client()->set_address("evil\n");
  EXPECT_TRUE(at(ecs_of(event), "source.ip").is_null());
}

TEST(Ocsf, TypeIsClassAndActivity) {
  const auto line = ocsf_of(closed(v1::Session::CLIENT));
  EXPECT_EQ(at(line, "type_uid"), 400507);
  EXPECT_EQ(at(line, "status_id"), 1);
  EXPECT_EQ(at(line, "time"), 1'796'115'600'000);
}

TEST(Ocsf, TlsWithoutItsRequiredVersionIsUnmapped) {
  auto event = closed(v1::Session::CLIENT);
  auto& tls = *event.mutable_session_closed()->mutable_session()->mutable_security()->mutable_tls();
  tls.set_cipher("TLS_AES_128_GCM_SHA256");
  EXPECT_EQ(at(ocsf_of(event), "unmapped.tls.cipher"), "TLS_AES_128_GCM_SHA256");
  tls.set_version("TLS1.3");
  EXPECT_EQ(at(ocsf_of(event), "tls.version"), "1.3");
}

TEST(Ocsf, AFileIsUploadedFromTheClientAndDownloadedFromTheServer) {
  v1::Event event;
  event.mutable_file_transfer_ended()->set_direction(v1::FileTransfer::CLIENT_TO_SERVER);
  EXPECT_EQ(at(ocsf_of(event), "activity_id"), 1);
  event.mutable_file_transfer_ended()->set_direction(v1::FileTransfer::SERVER_TO_CLIENT);
  EXPECT_EQ(at(ocsf_of(event), "activity_id"), 2);
  EXPECT_EQ(at(ocsf_of(event), "src_endpoint.name"), "rdp server");
}

TEST(Cef, EscapesWhatPartsFieldsAndKeys) {
  v1::Event event;
  event.mutable_sensor()->set_version("1|2\\3");
  event.mutable_anomaly()->set_detail("a=b\\c\r\nd|e\x01");
  const auto line = to_cef(event);
  EXPECT_TRUE(line.starts_with("CEF:0|Remora|remora|1\\|2\\\\3|anomaly|Anomaly|6|app=RDP")) << line;
  EXPECT_NE(line.find(" msg=a\\=b\\\\c\\nd|e "), std::string::npos) << line;
}

TEST(Cef, InIsWhatTheSourceSentAndOutWhatItGot) {
  const auto forward = to_cef(closed(v1::Session::CLIENT));
  EXPECT_NE(forward.find(" in=7 "), std::string::npos) << forward;
  EXPECT_NE(forward.find(" out=40 "), std::string::npos) << forward;
  const auto reverse = to_cef(closed(v1::Session::SERVER));
  EXPECT_NE(reverse.find(" in=40 "), std::string::npos) << reverse;
  EXPECT_NE(reverse.find(" out=7 "), std::string::npos) << reverse;
}

TEST(Leef, ValuesHoldNeitherDelimitersNorControls) {
  v1::Event event;
  event.mutable_anomaly()->set_detail("a^b\tc\nd=e");
  const auto line = to_leef(event);
  EXPECT_NE(line.find("^detail=a_b c d=e"), std::string::npos) << line;
}

TEST(Mappings, BytesThatAreNotUtf8BreakNothing) {
  for (const auto& event : remora::testing::full_events()) {
    const auto hostile = remora::testing::with_texts(event, "\xff\xc0\xaf\n");
    EXPECT_TRUE(Json::accept(to_ecs(hostile)));
    EXPECT_TRUE(Json::accept(to_ocsf(hostile)));
    for (const auto& line : {to_cef(hostile), to_leef(hostile)}) {
      EXPECT_EQ(line.find('\n'), std::string::npos);
      EXPECT_EQ(line.find('\xff'), std::string::npos);
    }
  }
}

TEST(Mappings, AnEventOfNoKindIsALine) {
  const v1::Event event;
  for (const auto& line : {to_ecs(event), to_ocsf(event), to_cef(event), to_leef(event)}) {
    EXPECT_FALSE(line.empty());
  }
}

TEST(Related, NamesEachOnce) {
  auto event = closed(v1::Session::CLIENT);
  auto& session = *event.mutable_session_closed()->mutable_session();
  session.add_path()->set_address("192.0.2.11");
  session.add_users()->set_name("eva");
  session.add_users()->set_name("eva");
  session.mutable_client()->set_fqdn("ws.example");
  const auto related = at(to_facts(event), "related");
  EXPECT_EQ(at(related, "ip"), Json::array({"192.0.2.11", "198.51.100.21"}));
  EXPECT_EQ(at(related, "user"), Json::array({"eva"}));
  EXPECT_EQ(at(related, "hosts"), Json::array({"ws.example"}));
}

TEST(Paths, PutKeepsWhatIsThere) {
  Json tree;
  EXPECT_TRUE(put(tree, "a.b.0", 1));
  EXPECT_FALSE(put(tree, "a.b.0", 2));
  EXPECT_FALSE(put(tree, "a.b.2", 3));
  EXPECT_EQ(tree, Json::parse(R"({"a":{"b":[1]}})"));
}

TEST(Paths, EraseTakesWhatBecomesEmpty) {
  auto tree = Json::parse(R"({"a":{"b":[{"c":1}]},"d":2})");
  erase(tree, "a.b.0.c");
  EXPECT_EQ(tree, Json::parse(R"({"d":2})"));
}

}  // namespace
}  // namespace remora::siem
