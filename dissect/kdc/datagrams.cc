#include "dissect/kdc/datagrams.h"

#include <utility>

#include "dissect/kdc/told.h"
#include "dissect/kerberos/messages.h"

namespace remora::kdc {
namespace {

using observation::AccountSeen;
using observation::NameKind;
using observation::NameLearned;

constexpr Port kKerberos{88};
constexpr const char* kRule = "kerberos.message";

}  // namespace

bool recognise_datagram(const Datagram& datagram) {
  return (datagram.source.port == kKerberos || datagram.destination.port == kKerberos) &&
         kerberos::is_whole_message(datagram.bytes);
}

void read_datagram(const Datagram& datagram, Findings& out) {
  const auto message = decode(datagram.bytes, kerberos::read_message);
  if (!message) { return; }
  auto told = what_is_told(*message);
  const auto& client = told.by_client ? datagram.source.address : datagram.destination.address;
  for (auto& name : told.client_names) {
    out.observe(
        datagram.at, datagram.from, kRule,
        NameLearned{.address = client, .name = std::move(name), .kind = NameKind::kKerberos});
  }
  if (told.has_account()) {
    out.observe(datagram.at, datagram.from, kRule,
                AccountSeen{.kind = AccountSeen::Kind::kKerberos,
                            .client = client,
                            .server = std::nullopt,
                            .user = std::move(told.user),
                            .domain = std::move(told.domain),
                            .service = std::move(told.service)});
  }
}

}  // namespace remora::kdc
