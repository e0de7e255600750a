#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include <google/protobuf/message.h>

namespace remora::publish {

/// Calls `see` for every text that the message holds, with its field.
inline void for_each_text(
    const google::protobuf::Message& message,
    const std::function<void(const google::protobuf::FieldDescriptor&, const std::string&)>& see) {
  using google::protobuf::FieldDescriptor;
  const auto& of = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  of.ListFields(message, &fields);
  for (const auto* field : fields) {
    const int size = field->is_repeated() ? of.FieldSize(message, field) : 1;
    for (int at = 0; at < size; ++at) {
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
        see(*field, field->is_repeated() ? of.GetRepeatedString(message, field, at)
                                         : of.GetString(message, field));
      } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        for_each_text(field->is_repeated() ? of.GetRepeatedMessage(message, field, at)
                                           : of.GetMessage(message, field),
                      see);
      }
    }
  }
}

/// Calls `see` for every text field that a message of this type, or one in it, may have.
inline void for_each_text_field(
    const google::protobuf::Descriptor& type,
    const std::function<void(const google::protobuf::FieldDescriptor&)>& see) {
  using google::protobuf::Descriptor;
  std::set<const Descriptor*> met;
  const std::function<void(const Descriptor&)> visit = [&](const Descriptor& of) {
    if (!met.insert(&of).second) { return; }
    for (int i = 0; i < of.field_count(); ++i) {
      const auto& field = *of.field(i);
      // Bytes are strings to C++: a field of them would have to be judged, too.
      if (field.cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_STRING) { see(field); }
      if (field.message_type() != nullptr) { visit(*field.message_type()); }
    }
  };
  visit(type);
}

}  // namespace remora::publish
