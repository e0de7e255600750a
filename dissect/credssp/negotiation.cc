#include "dissect/credssp/negotiation.h"

#include <string>
#include <utility>
#include <variant>

#include "dissect/encoding/host_name.h"
#include "dissect/spnego/authentication.h"
#include "dissect/spnego/mech_token.h"

namespace remora::credssp {
namespace {

using observation::Authentication;

constexpr const char* kChallengeRule = "ntlm.challenge";
constexpr const char* kAuthenticateRule = "ntlm.authenticate";
constexpr const char* kApReqRule = "kerberos.ap_req";

}  // namespace

void Negotiation::on_token(Side from, ByteView token, Instant at, Findings& out) {
  const auto found = spnego::find_mech_token(token);
  if (found.kind == spnego::MechToken::Kind::kNtlm) {
    const auto message = decode(found.bytes, ntlm::read_message);
    if (!message) { return; }
    method_ = Method::kNtlm;
    std::visit([&](const auto& kind) { on_message(kind, from, at, out); }, *message);
  } else if (found.kind == spnego::MechToken::Kind::kKerberosApReq) {
    const auto message = decode(found.bytes, kerberos::read_message);
    if (!message) { return; }
    method_ = Method::kKerberos;
    on_ap_req(*message, from, at, out);
  }
}

void Negotiation::on_message(const ntlm::Negotiate&, Side from, Instant, Findings&) {
  client_ = from;
}

void Negotiation::on_message(const ntlm::Challenge& challenge, Side from, Instant at,
                             Findings& out) {
  client_ = other(from);
  auto info = challenge.target_info;
  if (info.nb_computer_name.empty() && info.dns_computer_name.empty() &&
      challenge.flags.has(ntlm::NegotiateFlags::kTargetTypeServer)) {
    info.nb_computer_name = challenge.target_name;
  }
  name_server(info, kChallengeRule, from, at, out);
}

/// `from` tells of the server's pairs: the server itself, or the client that repeats them.
void Negotiation::name_server(const ntlm::TargetInfo& info, const char* rule, Side from, Instant at,
                              Findings& out) {
  Authentication server{.method = Method::kNtlm, .step = Authentication::Step::kServer};
  for (const auto& given : {info.dns_computer_name, info.nb_computer_name}) {
    auto name = spnego::machine_name(given);
    const bool known = !server.names.empty() && encoding::same_name(server.names.front(), name);
    if (!name.empty() && !known) { server.names.push_back(std::move(name)); }
  }
  if (server.names.empty()) { return; }
  server_named_ = true;
  tell(rule, std::move(server), from, at, out);
}

void Negotiation::on_message(const ntlm::Authenticate& authenticate, Side from, Instant at,
                             Findings& out) {
  client_ = from;
  if (!server_named_) { name_server(authenticate.target_info, kAuthenticateRule, from, at, out); }
  auto account = spnego::account_of(authenticate);
  tell(kAuthenticateRule,
       Authentication{.method = Method::kNtlm,
                      .step = Authentication::Step::kIdentity,
                      .user = std::move(account.user),
                      .domain = std::move(account.domain),
                      .workstation = spnego::machine_name(authenticate.workstation),
                      .target = authenticate.target_info.target_name},
       from, at, out);
}

void Negotiation::on_ap_req(const kerberos::Message& message, Side from, Instant at,
                            Findings& out) {
  client_ = from;
  Authentication identity{.method = Method::kKerberos,
                          .step = Authentication::Step::kIdentity,
                          .domain = message.realm};
  if (message.service) { identity.target = message.service->to_text(); }
  tell(kApReqRule, std::move(identity), from, at, out);
}

void Negotiation::tell(const char* rule, Authentication what, Side from, Instant at,
                       Findings& out) {
  if (++told_ > kMaxTold) { return; }
  out.observe(at, from, rule, std::move(what));
}

}  // namespace remora::credssp
