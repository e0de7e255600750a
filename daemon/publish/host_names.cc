#include "daemon/publish/host_names.h"

#include <string>
#include <vector>

#include <google/protobuf/message.h>

namespace remora::publish {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

/// Null where the operator gave none.
const std::string* name_of(const settings::Hosts& hosts, const std::string& address) {
  const auto parsed = IpAddress::parse(address);
  if (!parsed.has_value()) { return nullptr; }
  const auto found = hosts.find(*parsed);
  return found == hosts.end() ? nullptr : &found->second;
}

void name_endpoint(const settings::Hosts& hosts, v1::Endpoint& endpoint) {
  const auto* name = name_of(hosts, endpoint.address());
  if (name == nullptr) { return; }
  auto& names = *endpoint.mutable_names();
  auto& added = *names.Add();
  added.set_name(*name);
  added.set_source(v1::Endpoint::Name::CONFIGURATION);
  // It was known before anything was seen.
  for (int at = names.size() - 1; at > 0; --at) { names.SwapElements(at, at - 1); }
  endpoint.set_fqdn(*name);
}

void name_entry(const settings::Hosts& hosts, v1::PathEntry& entry) {
  if (const auto* name = name_of(hosts, entry.address())) { entry.set_name(*name); }
}

/// Wherever they stand in the message.
void name_in(const settings::Hosts& hosts, Message& message) {
  if (auto* endpoint = dynamic_cast<v1::Endpoint*>(&message)) {
    name_endpoint(hosts, *endpoint);
    return;
  }
  if (auto* entry = dynamic_cast<v1::PathEntry*>(&message)) {
    name_entry(hosts, *entry);
    return;
  }
  const auto& of = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  of.ListFields(message, &fields);
  for (const auto* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) { continue; }
    if (!field->is_repeated()) {
      name_in(hosts, *of.MutableMessage(&message, field));
      continue;
    }
    const int size = of.FieldSize(message, field);
    for (int at = 0; at < size; ++at) {
      name_in(hosts, *of.MutableRepeatedMessage(&message, field, at));
    }
  }
}

}  // namespace

void name_hosts(const settings::Hosts& hosts, v1::Event& event) {
  if (!hosts.empty()) { name_in(hosts, event); }
}

}  // namespace remora::publish
