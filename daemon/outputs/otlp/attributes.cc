#include "daemon/outputs/otlp/attributes.h"

#include <google/protobuf/util/time_util.h>

namespace remora::outputs::otlp {

using google::protobuf::util::TimeUtil;

opentelemetry::proto::common::v1::AnyValue& Attributes::add(std::string_view name) {
  auto& field = *fields_->Add();
  field.set_key(name.data(), name.size());
  return *field.mutable_value();
}

void Attributes::text(std::string_view name, std::string_view value) {
  if (!value.empty()) { add(name).set_string_value(value.data(), value.size()); }
}

void Attributes::texts(std::string_view name, const Texts& values) {
  if (values.empty()) { return; }
  auto& list = *add(name).mutable_array_value();
  for (const auto& value : values) { list.add_values()->set_string_value(value); }
}

void Attributes::number(std::string_view name, std::uint64_t value) {
  add(name).set_int_value(static_cast<std::int64_t>(value));
}

void Attributes::real(std::string_view name, double value) {
  add(name).set_double_value(value);
}

void Attributes::flag(std::string_view name, bool value) {
  add(name).set_bool_value(value);
}

void Attributes::time(std::string_view name, const google::protobuf::Timestamp& value) {
  add(name).set_string_value(TimeUtil::ToString(value));
}

void Attributes::seconds(std::string_view name, const google::protobuf::Duration& value) {
  real(name, static_cast<double>(TimeUtil::DurationToNanoseconds(value)) / 1e9);
}

}  // namespace remora::outputs::otlp
