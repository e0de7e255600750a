#include "daemon/siem/message_tree.h"

#include <string>
#include <vector>

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/util/time_util.h>

namespace remora::siem {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using google::protobuf::util::TimeUtil;

Json enum_word(const FieldDescriptor& field, int number) {
  const auto* value = field.enum_type()->FindValueByNumber(number);
  return value == nullptr ? Json(std::to_string(number)) : Json(value->name());
}

Json sub_tree(const Message& message) {
  if (const auto* time = dynamic_cast<const google::protobuf::Timestamp*>(&message)) {
    return TimeUtil::ToString(*time);
  }
  if (const auto* time = dynamic_cast<const google::protobuf::Duration*>(&message)) {
    return TimeUtil::ToString(*time);
  }
  return to_tree(message);
}

Json single(const Message& message, const Reflection& of, const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return of.GetInt32(message, &field);
    case FieldDescriptor::CPPTYPE_INT64:
      return of.GetInt64(message, &field);
    case FieldDescriptor::CPPTYPE_UINT32:
      return of.GetUInt32(message, &field);
    case FieldDescriptor::CPPTYPE_UINT64:
      return of.GetUInt64(message, &field);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return of.GetDouble(message, &field);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return of.GetFloat(message, &field);
    case FieldDescriptor::CPPTYPE_BOOL:
      return of.GetBool(message, &field);
    case FieldDescriptor::CPPTYPE_ENUM:
      return enum_word(field, of.GetEnumValue(message, &field));
    case FieldDescriptor::CPPTYPE_STRING:
      return of.GetString(message, &field);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return sub_tree(of.GetMessage(message, &field));
  }
  return nullptr;
}

/// Of the kinds of lists that the contract has.
Json element(const Message& message, const Reflection& of, const FieldDescriptor& field, int at) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_ENUM:
      return enum_word(field, of.GetRepeatedEnumValue(message, &field, at));
    case FieldDescriptor::CPPTYPE_STRING:
      return of.GetRepeatedString(message, &field, at);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return sub_tree(of.GetRepeatedMessage(message, &field, at));
    default:
      return nullptr;
  }
}

}  // namespace

Json to_tree(const Message& message) {
  const auto& of = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  of.ListFields(message, &fields);
  Json tree = Json::object();
  for (const auto* field : fields) {
    if (!field->is_repeated()) {
      tree[field->name()] = single(message, of, *field);
      continue;
    }
    auto& list = tree[field->name()] = Json::array();
    for (int i = 0; i < of.FieldSize(message, field); ++i) {
      list.push_back(element(message, of, *field, i));
    }
  }
  return tree;
}

}  // namespace remora::siem
