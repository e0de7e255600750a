#include "dissect/kdc/told.h"

#include <cstddef>
#include <utility>

#include "dissect/encoding/host_name.h"

namespace remora::kdc {
namespace {

using kerberos::MessageType;
using kerberos::Principal;

/// LIMIT: of a NetBIOS name, and so of a machine account without its dollar sign.
constexpr std::size_t kLongestNetbiosName = 15;

void add_name(std::string name, Told& told) {
  if (encoding::may_be_host_name(name)) { told.client_names.push_back(std::move(name)); }
}

/// The account that the centre gave a ticket to. Accounts of machines name the machine instead:
/// "WS-ALICE$" of Windows, "host/ws-alice.corp.example" of others.
void add_client(const Principal& client, Told& told) {
  if (client.components.empty()) { return; }
  const auto& first = client.components.front();
  if (client.components.size() == 2 && encoding::same_name(first, "host")) {
    add_name(client.components[1], told);
    return;
  }
  // RFC 8062 3.
  if (first == "WELLKNOWN") { return; }
  if (client.components.size() == 1 && first.ends_with('$')) {
    if (first.size() <= kLongestNetbiosName + 1) {
      add_name(first.substr(0, first.size() - 1), told);
    }
    return;
  }
  told.user = client.to_text();
  if (client.type == Principal::kEnterprise) {
    told.user.resize(told.user.find('@') == std::string::npos ? told.user.size()
                                                              : told.user.find('@'));
  }
}

void add_service(const std::optional<Principal>& service, Told& told) {
  if (!service || service->components.size() < 2) { return; }
  if (!encoding::same_name(service->components.front(), "krbtgt")) {
    told.service = service->to_text();
  }
}

}  // namespace

Told what_is_told(const kerberos::Message& message) {
  Told told;
  switch (message.type) {
    case MessageType::kAsReq:
      told.by_client = true;
      for (const auto& name : message.netbios_names) { add_name(name, told); }
      break;
    case MessageType::kTgsReq:
      told.by_client = true;
      told.domain = message.realm;
      add_service(message.service, told);
      break;
    case MessageType::kAsRep:
    case MessageType::kTgsRep:
      told.domain = message.client_realm;
      if (message.client) { add_client(*message.client, told); }
      add_service(message.service, told);
      break;
    case MessageType::kApReq:
    case MessageType::kError:
      break;
  }
  return told;
}

}  // namespace remora::kdc
