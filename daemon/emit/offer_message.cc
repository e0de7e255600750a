#include "daemon/emit/offer_message.h"

#include "daemon/emit/endpoint_message.h"
#include "daemon/emit/session_message.h"

namespace remora::emit {
namespace {

v1::PathEntry& add_entry(const IpAddress& address, v1::PathEntry::Role role, const char* source,
                         v1::Offer& to) {
  auto& entry = *to.add_path();
  entry.set_address(address.to_text());
  entry.set_role(role);
  entry.set_source(source);
  return entry;
}

}  // namespace

void fill(const session::Offer& from, v1::Offer& to) {
  fill(from.expert, *to.mutable_expert());
  fill(from.novice, *to.mutable_novice());
  if (from.user.has_value()) { fill(*from.user, *to.mutable_user()); }
  if (from.novice_user.has_value()) { fill(*from.novice_user, *to.mutable_novice_user()); }
  if (from.windows_session_id.has_value()) { to.set_windows_session_id(*from.windows_session_id); }
  if (from.error.has_value()) { fill(*from.error, *to.mutable_error()); }
  add_entry(from.expert.address.address, v1::PathEntry::CLIENT, "flow", to)
      .set_name(to.expert().fqdn());
  add_entry(from.novice.address.address, v1::PathEntry::SERVER, "flow", to)
      .set_name(to.novice().fqdn());
  for (const auto& address : from.novice_addresses) {
    add_entry(address, v1::PathEntry::SERVER_ALTERNATE, "dcom.bindings", to);
  }
}

}  // namespace remora::emit
