#include "daemon/siem/conversions.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/util/time_util.h>

#include "daemon/siem/related.h"

namespace remora::siem {
namespace {

using google::protobuf::util::TimeUtil;

char upper_letter(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}
char lower_letter(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

Json each_letter(const Json& value, char (*letter)(char)) {
  auto text = value.get<std::string>();
  std::ranges::transform(text, text.begin(), letter);
  return text;
}

}  // namespace

Json as_text(const Json& value) {
  return value.is_string() ? value : Json(to_line(value));
}
Json text_only(const Json& value) {
  return value.is_string() ? value : Json();
}

Json ip_only(const Json& value) {
  return value.is_string() && is_ip(value.get<std::string>()) ? value : Json();
}

Json as_list(const Json& value) {
  return Json::array({value});
}
Json as_json_text(const Json& value) {
  return to_line(value);
}
Json first(const Json& value) {
  return value.empty() ? Json() : value.front();
}
Json upper(const Json& value) {
  return each_letter(value, upper_letter);
}
Json lower(const Json& value) {
  return each_letter(value, lower_letter);
}

Json joined(const Json& value) {
  std::string text;
  for (const auto& element : value) {
    if (!text.empty()) { text += ','; }
    text += as_text(element).get<std::string>();
  }
  return text;
}

Json rfc7042_mac(const Json& value) {
  auto text = upper(value).get<std::string>();
  std::ranges::replace(text, ':', '-');
  return text;
}

Json percent(const Json& value) {
  return std::lround(value.get<double>() * 100);
}

Json nanoseconds(const Json& value) {
  google::protobuf::Duration time;
  if (!TimeUtil::FromString(value.get<std::string>(), &time)) { return nullptr; }
  return TimeUtil::DurationToNanoseconds(time);
}

Json milliseconds(const Json& value) {
  google::protobuf::Duration time;
  if (!TimeUtil::FromString(value.get<std::string>(), &time)) { return nullptr; }
  return TimeUtil::DurationToMilliseconds(time);
}

Json epoch_milliseconds(const Json& value) {
  google::protobuf::Timestamp time;
  if (!TimeUtil::FromString(value.get<std::string>(), &time)) { return nullptr; }
  return TimeUtil::TimestampToMilliseconds(time);
}

Json tls_version_number(const Json& value) {
  const auto text = value.get<std::string>();
  const auto digit = text.find_first_of("0123456789");
  return digit == std::string::npos ? Json() : Json(text.substr(digit));
}

Json tls_version_protocol(const Json& value) {
  const auto text = value.get<std::string>();
  const auto digit = text.find_first_of("0123456789");
  return digit == std::string::npos ? Json() : lower(Json(text.substr(0, digit)));
}

Json network_type(const Json& value) {
  return "ipv" + to_line(value);
}

}  // namespace remora::siem
