#include "daemon/publish/name_hider.h"

#include <algorithm>
#include <vector>

#include <google/protobuf/message.h>

#include "capture/base/address.h"
#include "daemon/publish/handle.h"

namespace remora::publish {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using settings::Treatment;

/// A machine's account ("WS-EVA$"), a Kerberos principal of a service ("host/ws-eva"), or an
/// account with its domain, which may be a machine ("WS-EVA\\eva", "eva@ws-eva").
bool names_machine(std::string_view account) {
  return account.ends_with('$') || account.find_first_of("/\\@") != std::string_view::npos;
}

std::string_view without_folders(std::string_view path) {
  const auto last = path.find_last_of("\\/");
  return last == std::string_view::npos ? path : path.substr(last + 1);
}

/// A message that is there to tell a name, and has none.
bool tells_nothing(const Message& message) {
  if (const auto* name = dynamic_cast<const v1::Endpoint::Name*>(&message)) {
    return name->name().empty();
  }
  if (const auto* user = dynamic_cast<const v1::User*>(&message)) { return user->name().empty(); }
  if (const auto* entry = dynamic_cast<const v1::PathEntry*>(&message)) {
    return entry->address().empty() && entry->name().empty();
  }
  if (const auto* address = dynamic_cast<const v1::Ticket::Address*>(&message)) {
    return address->address().empty() && address->name().empty();
  }
  return false;
}

/// Elements of a list for which `keep` is false go; the others keep their order. `keep` is asked
/// for each once, in its order.
template <typename Keep>
void keep_elements(Message& message, const FieldDescriptor& field, Keep&& keep) {
  const auto& of = *message.GetReflection();
  const int size = of.FieldSize(message, &field);
  int kept = 0;
  for (int at = 0; at < size; ++at) {
    if (!keep(at)) { continue; }
    if (kept != at) { of.SwapElements(&message, &field, kept, at); }
    ++kept;
  }
  for (int at = kept; at < size; ++at) { of.RemoveLast(&message, &field); }
}

}  // namespace

void NameHider::hide(v1::Event& event) const {
  if (!privacy_.hides_nothing()) { hide_in(event, Handles::kAreNames); }
}

void NameHider::hide_again(v1::Event& event) const {
  if (!privacy_.hides_nothing()) { hide_in(event, Handles::kStay); }
}

bool NameHider::hide_in(Message& message, Handles handles) const {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  bool left_out = false;
  for (const auto* field : fields) {
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      left_out = hide_text(message, *field, handles) || left_out;
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      hide_inner(message, *field, handles);
    }
  }
  return left_out;
}

bool NameHider::hide_text(Message& message, const FieldDescriptor& field, Handles handles) const {
  // What nobody has judged counts as the worst.
  const auto sense = sense_of(field).value_or(Sense::kAny);
  if (sense == Sense::kPlain) { return false; }
  const auto& of = *message.GetReflection();
  bool left_out = false;
  if (field.is_repeated()) {
    keep_elements(message, field, [&](int at) {
      auto text = shown(of.GetRepeatedString(message, &field, at), sense, handles);
      const bool stays = !text.empty();
      of.SetRepeatedString(&message, &field, at, std::move(text));
      left_out = left_out || !stays;
      return stays;
    });
    return left_out;
  }
  auto text = shown(of.GetString(message, &field), sense, handles);
  left_out = text.empty();
  if (left_out) {
    of.ClearField(&message, &field);
  } else {
    of.SetString(&message, &field, std::move(text));
  }
  return left_out;
}

void NameHider::hide_inner(Message& message, const FieldDescriptor& field, Handles handles) const {
  const auto& of = *message.GetReflection();
  if (field.is_repeated()) {
    keep_elements(message, field, [&](int at) {
      auto& inner = *of.MutableRepeatedMessage(&message, &field, at);
      return !hide_in(inner, handles) || !tells_nothing(inner);
    });
    return;
  }
  auto& inner = *of.MutableMessage(&message, &field);
  if (hide_in(inner, handles) && tells_nothing(inner)) { of.ClearField(&message, &field); }
}

std::string NameHider::shown(const std::string& text, Sense sense, Handles handles) const {
  switch (treatment_of(text, sense)) {
    case Treatment::kFull:
      break;
    case Treatment::kHash:
      return handles == Handles::kStay && is_handle(text) ? text : handle_of(text, key_.bytes());
    case Treatment::kOmit:
      return {};
  }
  // Folders often bear a user's name, and shares a machine's.
  const bool folders = sense != Sense::kFile || strictest() == Treatment::kFull;
  return folders ? text : std::string{without_folders(text)};
}

Treatment NameHider::treatment_of(std::string_view text, Sense sense) const {
  switch (sense) {
    case Sense::kPlain:
      return Treatment::kFull;
    case Sense::kUser:
      return names_machine(text) ? std::max(privacy_.user_names, privacy_.host_names)
                                 : privacy_.user_names;
    case Sense::kHost:
      return IpAddress::parse(text).has_value() ? Treatment::kFull : privacy_.host_names;
    case Sense::kFile:
      return privacy_.file_names;
    case Sense::kAny:
      break;
  }
  return strictest();
}

Treatment NameHider::strictest() const {
  return std::max({privacy_.user_names, privacy_.host_names, privacy_.file_names});
}

}  // namespace remora::publish
