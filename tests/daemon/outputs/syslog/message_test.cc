#include "daemon/outputs/syslog/message.h"

#include <string>

#include <gtest/gtest.h>

#include "daemon/config/map.h"
#include "daemon/outputs/syslog/config.h"

namespace remora::outputs::syslog {
namespace {

v1::Event logon() {
  v1::Event event;
  event.set_event_id("e1");
  event.mutable_time()->set_seconds(1'796'115'600);
  event.mutable_time()->set_nanos(11'360'999);
  event.mutable_sensor()->set_name("tap 1");
  event.set_certainty(v1::Knowledge::DECRYPTED);
  (void)event.mutable_logon();
  return event;
}

TEST(SyslogMessage, HasHeaderStructuredDataAndPayload) {
  EXPECT_EQ(encode(logon(), Header{}, "CEF:0|x"),
            "<38>1 2026-12-01T09:00:00.011360Z tap_1 remora - logon "
            R"([remora@32473 eventId="e1" kind="logon" certainty="DECRYPTED"] CEF:0|x)");
}

TEST(SyslogMessage, SaysNothingAsADash) {
  const auto message = encode(v1::Event{}, Header{}, "");
  EXPECT_TRUE(message.starts_with("<38>1 - - remora - none [")) << message;
}

TEST(SyslogMessage, EscapesStructuredData) {
  auto event = logon();
  event.set_event_id("a\"b\\c]d\n");
  EXPECT_NE(encode(event, Header{}, "").find(R"(eventId="a\"b\\c\]d ")"), std::string::npos);
}

TEST(SyslogMessage, AnAnomalyIsAWarning) {
  v1::Event event;
  (void)event.mutable_anomaly();
  Header header;
  header.facility = 16;
  EXPECT_TRUE(encode(event, header, "").starts_with("<132>1 "));
}

TEST(SyslogMessage, IsFramedByItsLengthInBytes) {
  EXPECT_EQ(framed("\xc3\xa9!"), "3 \xc3\xa9!");
}

config::Problems problems_of(const std::string& text, Config* config = nullptr) {
  config::Problems problems;
  auto map = config::Map::read_text(text, "test.yaml", problems);
  const auto read = read_config(map);
  map.done();
  if (config != nullptr) { *config = read; }
  return problems;
}

TEST(SyslogConfig, TakesTlsAndItsPortWhereNothingElseIsSaid) {
  Config config;
  EXPECT_TRUE(problems_of("address: siem.example", &config).empty());
  EXPECT_EQ(config.transport, Transport::kTls);
  EXPECT_EQ(config.address.port, 6514);
  EXPECT_TRUE(config.tls.enabled);
  EXPECT_TRUE(config.tls.verify);
  EXPECT_TRUE(config.confirm);
}

TEST(SyslogConfig, KnowsWhatUdpCannot) {
  EXPECT_EQ(problems_of("{address: siem.example, transport: udp, confirm: true}").size(), 1);
  EXPECT_EQ(problems_of("{address: siem.example, transport: tcp, tls: {ca_file: a}}").size(), 1);
}

TEST(SyslogConfig, RefusesWhatWouldBreakTheHeader) {
  EXPECT_EQ(problems_of("{address: siem.example, app_name: 'a b'}").size(), 1);
  EXPECT_EQ(problems_of("{address: siem.example, structured_data_id: 'a]b'}").size(), 1);
  EXPECT_EQ(problems_of("{address: siem.example, max_message: '10'}").size(), 1);
  EXPECT_FALSE(problems_of("{transport: tcp}").empty());
}

TEST(SyslogConfig, RefusesATimeoutThatLeavesNoTime) {
  EXPECT_EQ(problems_of("{address: siem.example, timeout: 0s}").size(), 1);
  EXPECT_TRUE(problems_of("{address: siem.example, timeout: 1s}").empty());
}

}  // namespace
}  // namespace remora::outputs::syslog
