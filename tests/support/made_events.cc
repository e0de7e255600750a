#include "made_events.h"

#include <array>
#include <cstdio>
#include <map>

namespace remora::testing {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr std::int64_t kBegin = 1'760'000'000;  // seconds

const google::protobuf::OneofDescriptor& kinds() {
  return *v1::Event::descriptor()->FindOneofByName("kind");
}

/// What a text would look like on the wire; the field's name where nothing reads it as more.
std::string text_of(const FieldDescriptor& field) {
  static const std::map<std::string, std::string> kTexts{
      {"address", "192.0.2.7"},
      {"source_address", "192.0.2.8"},
      {"destination_address", "2001:db8::9"},
      {"routing_address", "192.0.2.10"},
      {"mac", "00:11:22:33:44:55"},
      {"fqdn", "host.corp.example"},
      {"file_name", "C:\\Users\\eva\\r\u00e9sum\u00e9 = 1|2.docx"},
      {"domain", "CORP"},
      {"note", "a \"note\" with \\ and ] and | and ="},
      {"detail", "first line\nsecond line"},
      {"code", "made.anomaly"},
      {"where", "kernel"},
      {"sha256", std::string(64, 'a')},
      {"sha1", std::string(40, 'b')},
      {"community_id", "1:LQU9qZlK+B5F3KDmev6m5PMibrg="},
  };
  if (field.name() == "version" && field.containing_type()->name() == "Tls") { return "TLS1.2"; }
  const auto found = kTexts.find(field.name());
  return found == kTexts.end() ? field.name() : found->second;
}

void fill(Message& message);

void set(Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  const bool list = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return fill(list ? *reflection.AddMessage(&message, &field)
                       : *reflection.MutableMessage(&message, &field));
    case FieldDescriptor::CPPTYPE_STRING:
      return list ? reflection.AddString(&message, &field, text_of(field))
                  : reflection.SetString(&message, &field, text_of(field));
    case FieldDescriptor::CPPTYPE_ENUM:
      return list ? reflection.AddEnumValue(&message, &field, 1)
                  : reflection.SetEnumValue(&message, &field, 1);
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.SetBool(&message, &field, true);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return reflection.SetDouble(&message, &field, 1.0);
    case FieldDescriptor::CPPTYPE_UINT32:
      return reflection.SetUInt32(&message, &field, static_cast<std::uint32_t>(field.number()));
    case FieldDescriptor::CPPTYPE_UINT64:
      return reflection.SetUInt64(&message, &field, static_cast<std::uint64_t>(field.number()));
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection.SetInt32(&message, &field, field.number());
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection.SetInt64(&message, &field, kBegin);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return reflection.SetFloat(&message, &field, 1.0F);
  }
}

void fill(Message& message) {
  const auto& type = *message.GetDescriptor();
  for (int at = 0; at < type.field_count(); ++at) {
    const auto& field = *type.field(at);
    if (field.real_containing_oneof() == nullptr) { set(message, field); }
  }
}

}  // namespace

std::string made_event_id(std::uint64_t number) {
  std::array<char, 33> text{};
  (void)std::snprintf(text.data(), text.size(), "%032llx", static_cast<unsigned long long>(number));
  return text.data();
}

int made_kinds() {
  return kinds().field_count();
}

v1::Event made_event_of(v1::Event::KindCase kind) {
  std::uint64_t number = 0;
  while (kinds().field(static_cast<int>(number))->number() != static_cast<int>(kind)) { ++number; }
  return made_event(number);
}

v1::Event made_event(std::uint64_t number) {
  v1::Event event;
  fill(event);
  set(event, *kinds().field(static_cast<int>(number % static_cast<std::uint64_t>(made_kinds()))));
  event.set_event_id(made_event_id(number));
  event.mutable_time()->set_seconds(kBegin + static_cast<std::int64_t>(number / 1000));
  event.mutable_time()->set_nanos(static_cast<std::int32_t>(number % 1000) * 1'000'000);
  event.set_session_id(made_event_id(number / 10));
  return event;
}

}  // namespace remora::testing
