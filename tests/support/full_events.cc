#include "tests/support/full_events.h"

#include <map>

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/message.h>
#include <google/protobuf/timestamp.pb.h>

namespace remora::testing {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr int kRounds = 25;  // no list of the contract has more words
constexpr int kOfEach = 2;   // elements of a list

std::string text_for(const FieldDescriptor& field, int round) {
  static const std::map<std::string, std::string> texts{
      {"address", "192.0.2."},
      {"routing_address", "198.51.100."},
      {"source_address", "192.0.2."},
      {"destination_address", "2001:db8::"},
      {"reported_address", "10.0.0."},
      {"target_addresses", "203.0.113."},
      {"sha256", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a0"},
      {"file_name", "\\\\tsclient\\C\\Users\\eva\\report.doc"},
      {"new_file_name", "\\\\tsclient\\C\\Users\\eva\\old."}};
  if (field.name() == "mac") { return "00:11:22:33:44:5" + std::to_string(round % 10); }
  if (field.name() == "version" && field.containing_type()->name() == "Tls") { return "TLS1.2"; }
  const auto found = texts.find(field.name());
  return (found == texts.end() ? field.name() + " " : found->second) + std::to_string(round % 10);
}

// NOLINTNEXTLINE(readability-function-cognitive-complexity): one switch over what a field can be
void fill(Message& message, int round) {
  if (auto* time = dynamic_cast<google::protobuf::Timestamp*>(&message)) {
    time->set_seconds(1'796'115'600 + round);
    time->set_nanos(11'360'000);
    return;
  }
  if (auto* time = dynamic_cast<google::protobuf::Duration*>(&message)) {
    time->set_seconds(2);
    time->set_nanos(638'560'000);
    return;
  }
  const auto& of = *message.GetReflection();
  const auto& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const auto* field = type.field(i);
    if (field->real_containing_oneof() != nullptr) { continue; }
    const bool list = field->is_repeated();
    for (int at = 0; at < (list ? kOfEach : 1); ++at) {
      const auto number = static_cast<std::uint32_t>(round + at + 1);
      switch (field->cpp_type()) {
        case FieldDescriptor::CPPTYPE_INT32:
          of.SetInt32(&message, field, static_cast<std::int32_t>(number));
          break;
        case FieldDescriptor::CPPTYPE_UINT32:
          of.SetUInt32(&message, field, number);
          break;
        case FieldDescriptor::CPPTYPE_UINT64:
          of.SetUInt64(&message, field, (1ULL << 53U) + number);
          break;
        case FieldDescriptor::CPPTYPE_DOUBLE:
          of.SetDouble(&message, field, 0.75);
          break;
        case FieldDescriptor::CPPTYPE_BOOL:
          of.SetBool(&message, field, round % 2 == 0);
          break;
        case FieldDescriptor::CPPTYPE_ENUM: {
          // Value 0 is never emitted.
          const auto& words = *field->enum_type();
          const auto* word = words.value(1 + (round + at) % (words.value_count() - 1));
          list ? of.AddEnum(&message, field, word) : of.SetEnum(&message, field, word);
          break;
        }
        case FieldDescriptor::CPPTYPE_STRING: {
          const auto text = text_for(*field, round + at);
          list ? of.AddString(&message, field, text) : of.SetString(&message, field, text);
          break;
        }
        case FieldDescriptor::CPPTYPE_MESSAGE:
          fill(list ? *of.AddMessage(&message, field) : *of.MutableMessage(&message, field),
               round + at);
          break;
        default:
          break;
      }
    }
  }
}

std::vector<const FieldDescriptor*> kinds() {
  std::vector<const FieldDescriptor*> found;
  const auto* kind = v1::Event::descriptor()->FindOneofByName("kind");
  for (int i = 0; i < kind->field_count(); ++i) { found.push_back(kind->field(i)); }
  return found;
}

void name_event(v1::Event& event, std::size_t number) {
  auto id = std::to_string(number);
  id.insert(0, 32 - id.size(), '0');
  event.set_event_id(id);
}

void append(Message& message, const std::string& text) {
  const auto& of = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  of.ListFields(message, &fields);
  for (const auto* field : fields) {
    const int size = field->is_repeated() ? of.FieldSize(message, field) : 1;
    for (int at = 0; at < size; ++at) {
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
        if (field->is_repeated()) {
          of.SetRepeatedString(&message, field, at,
                               of.GetRepeatedString(message, field, at) + text);
        } else {
          of.SetString(&message, field, of.GetString(message, field) + text);
        }
      } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        append(field->is_repeated() ? *of.MutableRepeatedMessage(&message, field, at)
                                    : *of.MutableMessage(&message, field),
               text);
      }
    }
  }
}

}  // namespace

std::vector<v1::Event> full_events() {
  std::vector<v1::Event> events;
  for (const auto* kind : kinds()) {
    for (int round = 0; round < kRounds; ++round) {
      auto& event = events.emplace_back();
      fill(event, round);
      fill(*event.GetReflection()->MutableMessage(&event, kind), round);
      name_event(event, events.size());
    }
  }
  return events;
}

std::vector<v1::Event> bare_events() {
  std::vector<v1::Event> events;
  for (const auto* kind : kinds()) {
    auto& event = events.emplace_back();
    event.mutable_time()->set_seconds(1'796'115'600);
    (void)event.GetReflection()->MutableMessage(&event, kind);
    name_event(event, 1'000'000 + events.size());
  }
  return events;
}

v1::Event with_texts(const v1::Event& event, const std::string& text) {
  auto changed = event;
  append(changed, text);
  return changed;
}

}  // namespace remora::testing
