#include "daemon/outputs/syslog/message.h"

#include <algorithm>
#include <cstddef>
#include <cstdio>

#include <google/protobuf/util/time_util.h>

#include "daemon/event/kind.h"

namespace remora::outputs::syslog {
namespace {

// RFC 5424, table 2.
constexpr int kWarning = 4;
constexpr int kNotice = 5;
constexpr int kInformational = 6;

int severity_of(const v1::Event& event) {
  if (event.has_anomaly()) { return kWarning; }
  return event.has_ticket_rejected() ? kNotice : kInformational;
}

/// A field of the header: printable ASCII, "-" for nothing. RFC 5424, 6.
std::string header_field(std::string_view text, std::size_t most) {
  std::string field{text.substr(0, most)};
  std::ranges::replace_if(
      field, [](char c) { return c <= ' ' || c >= '\x7f'; }, '_');
  return field.empty() ? "-" : field;
}

/// With six digits of a second, which is the most; "-" without a time. RFC 5424, 6.2.3.
std::string timestamp(const v1::Event& event) {
  if (!event.has_time()) { return "-"; }
  google::protobuf::Timestamp whole = event.time();
  whole.set_nanos(0);
  auto text = google::protobuf::util::TimeUtil::ToString(whole);
  text.pop_back();
  const auto micros = static_cast<unsigned>(event.time().nanos()) / 1000U;
  const auto digits = std::to_string(1'000'000U + std::min(micros, 999'999U));
  return text + '.' + digits.substr(1) + 'Z';
}

/// RFC 5424, 6.3.3.
std::string parameter(std::string_view name, std::string_view value) {
  std::string text = ' ' + std::string{name} + "=\"";
  for (const char c : value) {
    if (c == '"' || c == '\\' || c == ']') { text += '\\'; }
    text += c >= 0 && c < ' ' ? ' ' : c;
  }
  return text + '"';
}

}  // namespace

std::string encode(const v1::Event& event, const Header& header, std::string_view payload) {
  const auto kind = kind_name(event);
  const auto& host = header.hostname.empty() ? event.sensor().name() : header.hostname;
  std::string message = '<' + std::to_string(header.facility * 8 + severity_of(event)) + ">1 ";
  message += timestamp(event);
  message += ' ' + header_field(host, 255);
  message += ' ' + header_field(header.app_name, 48);
  message += " - " + header_field(kind, 32);
  message += " [" + header.structured_data_id;
  message += parameter("eventId", event.event_id());
  message += parameter("kind", kind);
  message += parameter("certainty", v1::Knowledge::Certainty_Name(event.certainty()));
  message += "] ";
  message += payload;
  return message;
}

std::string framed(const std::string& message) {
  return std::to_string(message.size()) + ' ' + message;
}

}  // namespace remora::outputs::syslog
