#include "dissect/spnego/authentication.h"

#include <utility>
#include <variant>

#include "dissect/encoding/host_name.h"
#include "dissect/spnego/mech_token.h"

namespace remora::spnego {
namespace {

using observation::AccountSeen;
using observation::EndAccount;
using observation::EndNamed;
using observation::NameKind;

constexpr const char* kNegotiateRule = "ntlm.negotiate";
constexpr const char* kChallengeRule = "ntlm.challenge";
constexpr const char* kAuthenticateRule = "ntlm.authenticate";
constexpr const char* kApReqRule = "kerberos.ap_req";

/// What machines send that have no name of their own to give.
[[nodiscard]] bool is_placeholder(const std::string& name) {
  return encoding::same_name(name, "NULL") || encoding::same_name(name, "WORKSTATION") ||
         encoding::same_name(name, "localhost");
}

/// Some clients write the name as a path begins: "\\WS-ALICE".
[[nodiscard]] std::string without_slashes(const std::string& name) {
  const auto first = name.find_first_not_of('\\');
  return first == std::string::npos ? std::string{} : name.substr(first);
}

void name_end(Side whose, const std::string& given, bool told_to_peer, Side from, const char* rule,
              Instant at, Findings& out) {
  auto name = machine_name(given);
  if (name.empty()) { return; }
  const auto kind = rule == kApReqRule ? NameKind::kKerberos : NameKind::kNtlm;
  out.observe(
      at, from, rule,
      EndNamed{
          .whose = whose, .name = std::move(name), .kind = kind, .told_to_peer = told_to_peer});
}

}  // namespace

void Authentication::on_blob(Side from, ByteView blob, Instant at, Findings& out) {
  const auto token = find_mech_token(blob);
  if (token.kind == MechToken::Kind::kKerberosApReq) {
    // The client dialled this name, and only that machine can read the ticket.
    if (const auto message = decode(token.bytes, kerberos::read_message)) {
      if (message->service) {
        name_end(other(from), host_of_service(message->service->to_text()), true, from, kApReqRule,
                 at, out);
      }
      answered_ = true;
    }
    return;
  }
  if (token.kind != MechToken::Kind::kNtlm) { return; }
  const auto message = decode(token.bytes, ntlm::read_message);
  if (!message) { return; }
  if (const auto* negotiate = std::get_if<ntlm::Negotiate>(&*message)) {
    name_end(from, without_slashes(negotiate->workstation), false, from, kNegotiateRule, at, out);
  } else if (const auto* challenge = std::get_if<ntlm::Challenge>(&*message)) {
    on_challenge(from, *challenge, at, out);
  } else if (const auto* authenticate = std::get_if<ntlm::Authenticate>(&*message)) {
    on_authenticate(from, *authenticate, at, out);
  }
}

void Authentication::on_challenge(Side from, const ntlm::Challenge& challenge, Instant at,
                                  Findings& out) {
  auto info = challenge.target_info;
  if (info.nb_computer_name.empty() && info.dns_computer_name.empty() &&
      challenge.flags.has(ntlm::NegotiateFlags::kTargetTypeServer)) {
    info.nb_computer_name = challenge.target_name;
  }
  name_server(from, info, from, at, out);
}

/// `from` tells of the server's pairs: the server itself, or the client that repeats them.
void Authentication::name_server(Side server, const ntlm::TargetInfo& info, Side from, Instant at,
                                 Findings& out) {
  const auto* rule = server == from ? kChallengeRule : kAuthenticateRule;
  const bool dns_differs = !encoding::same_name(info.dns_computer_name, info.nb_computer_name);
  if (dns_differs) { name_end(server, info.dns_computer_name, false, from, rule, at, out); }
  name_end(server, info.nb_computer_name, false, from, rule, at, out);
  server_dns_name_ = info.dns_computer_name;
  server_netbios_name_ = info.nb_computer_name;
}

void Authentication::on_authenticate(Side from, const ntlm::Authenticate& authenticate, Instant at,
                                     Findings& out) {
  answered_ = true;
  if (server_dns_name_.empty() && server_netbios_name_.empty()) {
    name_server(other(from), authenticate.target_info, from, at, out);
  }
  const auto dialled = host_of_service(authenticate.target_info.target_name);
  if (!dialled.empty() && !is_server(dialled)) {
    name_end(other(from), dialled, true, from, kAuthenticateRule, at, out);
  }
  const auto workstation = without_slashes(authenticate.workstation);
  if (!is_server(workstation)) {
    name_end(from, workstation, false, from, kAuthenticateRule, at, out);
  }
  if (authenticate.anonymous || authenticate.user.empty()) { return; }
  if (authenticate.user.ends_with('$')) {
    // The account of a machine is nobody's; it names the machine instead.
    const auto machine = authenticate.user.substr(0, authenticate.user.size() - 1);
    if (!is_server(machine) && !encoding::same_name(machine, workstation)) {
      name_end(from, machine, false, from, kAuthenticateRule, at, out);
    }
    return;
  }
  auto account = account_of(authenticate);
  out.observe(at, from, kAuthenticateRule,
              EndAccount{.kind = AccountSeen::Kind::kNtlm,
                         .client = from,
                         .user = std::move(account.user),
                         .domain = std::move(account.domain)});
}

bool Authentication::is_server(const std::string& name) const {
  return encoding::same_name(name, server_dns_name_) ||
         encoding::same_name(name, server_netbios_name_);
}

std::string machine_name(const std::string& given) {
  auto name = without_slashes(given);
  if (name.ends_with('.')) { name.pop_back(); }
  if (!encoding::may_be_host_name(name) || is_placeholder(name)) { return {}; }
  return name;
}

Account account_of(const ntlm::Authenticate& authenticate) {
  Account account{.user = authenticate.user, .domain = authenticate.domain};
  // A user principal name, [MS-NLMP] 3.1.1.1: the domain is in it.
  const auto at = account.user.rfind('@');
  if (account.domain.empty() && at != std::string::npos && at > 0) {
    account.domain = account.user.substr(at + 1);
    account.user.resize(at);
  }
  return account;
}

std::string host_of_service(const std::string& service) {
  const auto slash = service.find('/');
  if (slash == std::string::npos || slash == 0) { return {}; }
  auto host = service.substr(slash + 1);
  host.resize(host.find_first_of(":/@") == std::string::npos ? host.size()
                                                             : host.find_first_of(":/@"));
  // A ticket-granting ticket names a realm, "unspecified" is what is dialled by address, and LKDC
  // is the realm that a Mac makes for itself.
  const bool names_no_machine = encoding::same_name(service.substr(0, slash), "krbtgt") ||
                                encoding::same_name(host, "unspecified") ||
                                encoding::same_name(host, "LKDC");
  if (names_no_machine || !encoding::may_be_host_name(host)) { return {}; }
  return host;
}

}  // namespace remora::spnego
