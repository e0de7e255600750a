#include "daemon/outputs/otlp/encoder.h"

#include <algorithm>

#include <google/protobuf/arena.h>
#include <google/protobuf/util/time_util.h>

#include "daemon/event/kind.h"
#include "daemon/outputs/json_lines.h"
#include "daemon/outputs/otlp/attributes.h"
#include "daemon/outputs/otlp/kind_attributes.h"
#include "opentelemetry/proto/collector/logs/v1/logs_service.pb.h"

namespace remora::outputs::otlp {
namespace {

using google::protobuf::util::TimeUtil;
using opentelemetry::proto::collector::logs::v1::ExportLogsServiceRequest;
using opentelemetry::proto::logs::v1::LogRecord;

bool is_warning(const v1::Event& event) {
  switch (event.kind_case()) {
    case v1::Event::kAnomaly:
    case v1::Event::kTicketRejected:
      return true;
    case v1::Event::kLogon:
      return !event.logon().succeeded();
    case v1::Event::kSessionClosed: {
      const auto outcome = event.session_closed().session().outcome();
      return outcome == v1::Session::REFUSED || outcome == v1::Session::NEGOTIATION_FAILED ||
             outcome == v1::Session::AUTHENTICATION_FAILED;
    }
    case v1::Event::kSensorHealth:
      // What the parser does not follow is no loss; what never reached it is.
      return std::ranges::any_of(event.sensor_health().drops(), [](const auto& drop) {
        return !drop.where().empty() && drop.where() != "parser" && drop.count() > 0;
      });
    default:
      return false;
  }
}

void fill_severity(const v1::Event& event, LogRecord& record) {
  const bool warning = is_warning(event);
  record.set_severity_number(warning ? opentelemetry::proto::logs::v1::SEVERITY_NUMBER_WARN
                                     : opentelemetry::proto::logs::v1::SEVERITY_NUMBER_INFO);
  record.set_severity_text(warning ? "WARN" : "INFO");
}

void fill_common(const v1::Event& event, Attributes& attributes) {
  attributes.text("log.record.uid", event.event_id());
  attributes.text("remora.session.id", event.session_id());
  attributes.text("remora.ticket.id", event.ticket_id());
  attributes.text("remora.community_id", event.community_id());
  if (event.certainty() != v1::Knowledge::CERTAINTY_UNSPECIFIED) {
    attributes.text("remora.certainty", v1::Knowledge::Certainty_Name(event.certainty()));
    attributes.real("remora.confidence", event.confidence());
  }
  Attributes::Texts rules;
  for (const auto& evidence : event.evidence()) {
    if (!evidence.rule().empty()) { *rules.Add() = evidence.rule(); }
  }
  attributes.texts("remora.evidence.rules", rules);
}

void fill_body(const delivery::Parcel& parcel, Body body, LogRecord& record) {
  switch (body) {
    case Body::kNone:
      return;
    case Body::kJson:
      record.mutable_body()->set_string_value(to_json_line(parcel.event));
      return;
    case Body::kEvent:
      record.mutable_body()->set_bytes_value(parcel.bytes);
      return;
  }
}

/// The records of the event's sensor, which begin with its first.
LogRecord& add_record(ExportLogsServiceRequest& request, const v1::Sensor& sensor,
                      std::string_view version, std::vector<const v1::Sensor*>& sensors) {
  const auto same = [&](const v1::Sensor* other) {
    return other->name() == sensor.name() && other->version() == sensor.version() &&
           other->source() == sensor.source();
  };
  const auto found = std::ranges::find_if(sensors, same);
  const auto at = static_cast<int>(found - sensors.begin());
  if (found == sensors.end()) {
    sensors.push_back(&sensor);
    auto& logs = *request.add_resource_logs();
    Attributes attributes{*logs.mutable_resource()->mutable_attributes()};
    attributes.text("service.name", "remora");
    attributes.text("service.version", sensor.version());
    attributes.text("remora.sensor.name", sensor.name());
    attributes.text("remora.sensor.source", sensor.source());
    auto& scope = *logs.add_scope_logs()->mutable_scope();
    scope.set_name("remora");
    scope.set_version(version.data(), version.size());
  }
  return *request.mutable_resource_logs(at)->mutable_scope_logs(0)->add_log_records();
}

}  // namespace

void encode(std::span<const delivery::Parcel> parcels, const Encoding& encoding,
            std::string& request) {
  google::protobuf::Arena arena;
  auto& message = *google::protobuf::Arena::CreateMessage<ExportLogsServiceRequest>(&arena);
  const auto observed = std::chrono::nanoseconds{encoding.observed.time_since_epoch()}.count();
  std::vector<const v1::Sensor*> sensors;
  for (const auto& parcel : parcels) {
    const auto& event = parcel.event;
    auto& record = add_record(message, event.sensor(), encoding.version, sensors);
    record.set_time_unix_nano(
        static_cast<std::uint64_t>(TimeUtil::TimestampToNanoseconds(event.time())));
    record.set_observed_time_unix_nano(static_cast<std::uint64_t>(observed));
    record.set_event_name("remora." + kind_name(event));
    fill_severity(event, record);
    fill_body(parcel, encoding.body, record);
    Attributes attributes{*record.mutable_attributes()};
    fill_common(event, attributes);
    fill_kind(event, attributes);
  }
  message.SerializeToString(&request);
}

}  // namespace remora::outputs::otlp
