#include "daemon/outputs/otlp/encoder.h"

#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/event/kind.h"
#include "daemon/outputs/json_lines.h"
#include "opentelemetry/proto/collector/logs/v1/logs_service.pb.h"
#include "tests/support/made_events.h"

namespace remora::outputs::otlp {
namespace {

using opentelemetry::proto::collector::logs::v1::ExportLogsServiceRequest;
using opentelemetry::proto::common::v1::AnyValue;
using opentelemetry::proto::logs::v1::LogRecord;
using remora::testing::made_event;
using remora::testing::made_event_of;
using ::testing::Contains;
using ::testing::IsSupersetOf;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;
using Texts = std::map<std::string, std::string>;

constexpr std::chrono::system_clock::time_point kObserved{std::chrono::seconds{1'770'000'000}};

ExportLogsServiceRequest request_of(const std::vector<v1::Event>& events, Body body = Body::kNone) {
  std::vector<delivery::Parcel> parcels;
  for (const auto& event : events) {
    parcels.push_back(
        {.number = parcels.size(), .event = event, .bytes = event.SerializeAsString()});
  }
  std::string bytes;
  encode(parcels, {.body = body, .version = "1.2.3", .observed = kObserved}, bytes);
  ExportLogsServiceRequest request;
  EXPECT_TRUE(request.ParseFromString(bytes));
  return request;
}

LogRecord record_of(const v1::Event& event, Body body = Body::kNone) {
  return request_of({event}, body).resource_logs(0).scope_logs(0).log_records(0);
}

std::string text_of(const AnyValue& value) {
  switch (value.value_case()) {
    case AnyValue::kStringValue:
      return value.string_value();
    case AnyValue::kIntValue:
      return std::to_string(value.int_value());
    case AnyValue::kBoolValue:
      return value.bool_value() ? "true" : "false";
    case AnyValue::kArrayValue: {
      std::string all;
      for (const auto& one : value.array_value().values()) { all += '[' + text_of(one) + ']'; }
      return all;
    }
    default:
      return value.ShortDebugString();
  }
}

template <typename Holder>
Texts attributes_of(const Holder& holder) {
  Texts texts;
  for (const auto& attribute : holder.attributes()) {
    EXPECT_TRUE(texts.emplace(attribute.key(), text_of(attribute.value())).second)
        << attribute.key() << " is there twice";
  }
  return texts;
}

Texts attributes_of(const v1::Event& event) {
  return attributes_of(record_of(event));
}

v1::Event closed_session() {
  v1::Event event;
  auto& session = *event.mutable_session_closed()->mutable_session();
  session.set_kind(v1::Session::RDP);
  session.mutable_client()->set_address("192.0.2.1");
  session.mutable_client()->set_port(50000);
  session.mutable_server()->set_address("192.0.2.2");
  session.mutable_server()->set_port(3389);
  session.add_transports(v1::Session::TCP);
  return event;
}

TEST(OtlpEncoder, ARecordSaysWhatWhenAndWho) {
  const auto event = made_event_of(v1::Event::kSessionClosed);
  const auto record = record_of(event);
  EXPECT_EQ(record.event_name(), "remora.session_closed");
  EXPECT_EQ(record.time_unix_nano(),
            static_cast<std::uint64_t>(event.time().seconds()) * 1'000'000'000U +
                static_cast<std::uint64_t>(event.time().nanos()));
  EXPECT_EQ(record.observed_time_unix_nano(), 1'770'000'000'000'000'000U);
  EXPECT_FALSE(record.has_body());
  EXPECT_THAT(attributes_of(record),
              IsSupersetOf<Texts::value_type>({{"log.record.uid", event.event_id()},
                                               {"remora.session.id", event.session_id()},
                                               {"network.transport", "tcp"},
                                               {"tls.protocol.version", "1.2"},
                                               {"tls.server.hash.sha1", std::string(40, 'B')},
                                               {"remora.users", "[CORP\\name]"}}));
}

TEST(OtlpEncoder, TheResourceIsTheSensor) {
  auto first = made_event(0);
  auto second = made_event(1);
  second.mutable_sensor()->set_name("other");
  const auto request = request_of({first, second, first});
  ASSERT_EQ(request.resource_logs_size(), 2);
  EXPECT_EQ(request.resource_logs(0).scope_logs(0).log_records_size(), 2);
  EXPECT_EQ(request.resource_logs(1).scope_logs(0).log_records_size(), 1);
  EXPECT_THAT(attributes_of(request.resource_logs(1).resource()),
              IsSupersetOf<Texts::value_type>({{"service.name", "remora"},
                                               {"service.version", "version"},
                                               {"remora.sensor.name", "other"}}));
  EXPECT_EQ(request.resource_logs(0).scope_logs(0).scope().version(), "1.2.3");
}

TEST(OtlpEncoder, TheBodyIsWhatWasAskedFor) {
  const auto event = made_event(3);
  EXPECT_EQ(record_of(event, Body::kJson).body().string_value(), to_json_line(event));
  EXPECT_EQ(record_of(event, Body::kEvent).body().bytes_value(), event.SerializeAsString());
}

TEST(OtlpEncoder, TheClientIsWhoOpenedTheConnection) {
  auto event = closed_session();
  EXPECT_THAT(attributes_of(event),
              IsSupersetOf<Texts::value_type>({{"client.address", "192.0.2.1"},
                                               {"server.address", "192.0.2.2"},
                                               {"server.port", "3389"}}));
  auto& session = *event.mutable_session_closed()->mutable_session();
  session.set_direction(v1::Session::REVERSE);
  session.set_initiator(v1::Session::SERVER);
  EXPECT_THAT(attributes_of(event),
              IsSupersetOf<Texts::value_type>({{"client.address", "192.0.2.2"},
                                               {"client.port", "3389"},
                                               {"server.address", "192.0.2.1"},
                                               {"remora.client.address", "192.0.2.1"},
                                               {"remora.server.address", "192.0.2.2"}}));
  session.clear_initiator();  // the handshake was not captured
  EXPECT_THAT(attributes_of(event), Contains(Pair("client.address", "192.0.2.2")));
}

TEST(OtlpEncoder, WhatIsNotKnownIsLeftOut) {
  const auto attributes = attributes_of(closed_session());
  for (const auto* name :
       {"user.name", "remora.users", "tls.protocol.name", "remora.session.opened",
        "remora.session.duration", "remora.session.outcome", "remora.certainty",
        "remora.session.client_bytes", "log.record.uid"}) {
    EXPECT_THAT(attributes, Not(Contains(Key(name))));
  }
}

TEST(OtlpEncoder, AFileHasItsNameAndPathApart) {
  v1::Event event;
  auto& file = *event.mutable_file_transfer_ended();
  const auto names = [&](const std::string& wire) {
    file.set_file_name(wire);
    const auto texts = attributes_of(event);
    return texts.at("file.name") + " in " +
           (texts.contains("file.path") ? texts.at("file.path") : "");
  };
  EXPECT_EQ(names("\\docs\\plan.txt"), "plan.txt in \\docs\\plan.txt");
  EXPECT_EQ(names("/docs/plan.txt"), "plan.txt in /docs/plan.txt");
  EXPECT_EQ(names("plan.txt"), "plan.txt in ");
}

TEST(OtlpEncoder, WhatWentWrongIsAWarning) {
  using opentelemetry::proto::logs::v1::SEVERITY_NUMBER_INFO;
  using opentelemetry::proto::logs::v1::SEVERITY_NUMBER_WARN;
  const auto severity = [](const v1::Event& event) { return record_of(event).severity_number(); };
  auto event = closed_session();
  EXPECT_EQ(severity(event), SEVERITY_NUMBER_INFO);
  EXPECT_EQ(record_of(event).severity_text(), "INFO");
  for (const auto outcome : {v1::Session::REFUSED, v1::Session::NEGOTIATION_FAILED,
                             v1::Session::AUTHENTICATION_FAILED}) {
    event.mutable_session_closed()->mutable_session()->set_outcome(outcome);
    EXPECT_EQ(severity(event), SEVERITY_NUMBER_WARN);
    EXPECT_EQ(record_of(event).severity_text(), "WARN");
  }
  event.mutable_logon()->set_succeeded(true);
  EXPECT_EQ(severity(event), SEVERITY_NUMBER_INFO);
  event.mutable_logon()->set_succeeded(false);
  EXPECT_EQ(severity(event), SEVERITY_NUMBER_WARN);
  auto& drop = *event.mutable_sensor_health()->add_drops();
  drop.set_count(1);
  EXPECT_EQ(severity(event), SEVERITY_NUMBER_INFO);
  drop.set_where("parser");
  EXPECT_EQ(severity(event), SEVERITY_NUMBER_INFO);
  drop.set_where("kernel");
  EXPECT_EQ(severity(event), SEVERITY_NUMBER_WARN);
  EXPECT_EQ(severity(made_event_of(v1::Event::kAnomaly)), SEVERITY_NUMBER_WARN);
  EXPECT_EQ(severity(made_event_of(v1::Event::kTicketRejected)), SEVERITY_NUMBER_WARN);
}

TEST(OtlpEncoder, AnEventOfNoKindIsStillSent) {
  v1::Event event;
  event.set_event_id("x");
  EXPECT_EQ(record_of(event).event_name(), "remora.none");
}

/// The words in backticks in the first cells of the tables of attributes.
std::set<std::string> documented() {
  std::ifstream file{REMORA_OTLP_PAGE};
  std::set<std::string> names;
  const std::regex name{"`([a-z][a-z0-9_]*(\\.[a-z0-9_]+)+)`"};
  bool records = false;
  for (std::string line; std::getline(file, line);) {
    records = records || line == "## Records";
    if (!records || !line.starts_with("| `")) { continue; }
    const auto cell = line.substr(0, line.find(" | "));
    for (std::sregex_iterator at{cell.begin(), cell.end(), name}; at != std::sregex_iterator{};
         ++at) {
      names.insert((*at)[1]);
    }
  }
  return names;
}

TEST(OtlpEncoder, EveryAttributeIsDocumentedAndEveryDocumentedOneOccurs) {
  std::set<std::string> sent;
  for (int kind = 0; kind < remora::testing::made_kinds(); ++kind) {
    const auto request = request_of({made_event(static_cast<std::uint64_t>(kind))});
    const auto& logs = request.resource_logs(0);
    for (const auto& [name, value] : attributes_of(logs.resource())) { sent.insert(name); }
    for (const auto& [name, value] : attributes_of(logs.scope_logs(0).log_records(0))) {
      sent.insert(name);
    }
  }
  EXPECT_GT(sent.size(), 100U);
  EXPECT_EQ(documented(), sent);
}

}  // namespace
}  // namespace remora::outputs::otlp
