#include "dissect/dcerpc/told.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dissect/assistance_offer/interfaces.h"
#include "dissect/assistance_offer/novice_info.h"
#include "dissect/assistance_offer/remote_connection_parms.h"
#include "dissect/assistance_offer/results.h"
#include "dissect/dcerpc/endpoint_map.h"
#include "dissect/dcerpc/shadow.h"
#include "dissect/dcom/activation.h"
#include "dissect/dcom/object_exporter.h"
#include "dissect/dcom/orpc.h"
#include "dissect/dcom/remote_activation.h"
#include "dissect/encoding/host_name.h"
#include "dissect/ndr/ndr_reader.h"
#include "dissect/ticket/document_watch.h"

namespace remora::dcerpc {
namespace {

using dcom::StringBinding;
using observation::EndAddresses;
using observation::EndNamed;
using observation::NameKind;
using observation::OfferSeen;

constexpr const char* kBindingsRule = "dcom.bindings";
constexpr const char* kActivationRule = "dcom.activation";
constexpr const char* kActivatedRule = "dcom.activation_reply";
constexpr const char* kMappedRule = "dcerpc.ept_map";
constexpr const char* kFaultRule = "dcerpc.fault";
constexpr const char* kConnectionParmsRule = "rai.remote_connection_parms";
constexpr const char* kNoviceInfoRule = "rai.get_novice_user_info";
constexpr const char* kSessionInfoRule = "rai.get_session_info";
constexpr const char* kUserSessionInfoRule = "rai.remote_user_session_info";

/// A connection string has a server key's digest and a session id at least ([MS-RAI] 2.2.1, 2.2.2):
/// the ciphered answer of a call that failed is shorter, even with its padding.
constexpr std::size_t kLeastSealedString = 128;

const char* rule_of(const Call& call) {
  if (call.interface == Interface::kRaSrv) {
    return call.opnum == assistance_offer::kGetSessionInfo ? kSessionInfoRule : kNoviceInfoRule;
  }
  return call.opnum == assistance_offer::kRemoteUserSessionInfo ? kUserSessionInfoRule
                                                                : kConnectionParmsRule;
}

/// Runs `read` over the stub; empty where it cannot be read.
template <typename Read>
auto read_stub(const Call& call, Read read) {
  const auto with_reader = [&](Cursor& in) {
    ndr::NdrReader reader{in, call.little_endian};
    return read(reader);
  };
  using Value = decltype(with_reader(std::declval<Cursor&>()));
  if (!call.readable()) { return std::optional<Value>{}; }
  auto value = decode(call.stub, with_reader);
  return value ? std::optional<Value>{std::move(*value)} : std::nullopt;
}

[[nodiscard]] bool is_of_use(const IpAddress& address) {
  const auto bytes = address.bytes();
  const bool all_zero = std::ranges::all_of(bytes, [](std::byte b) { return b == std::byte{0}; });
  const bool loopback = address.is_v4() ? to_u8(bytes[0]) == 127 : address.to_text() == "::1";
  return !all_zero && !loopback;
}

/// Names and addresses that the server's machine gives itself.
void tell_bindings(const std::vector<StringBinding>& bindings, const Occasion& occasion,
                   Findings& out) {
  const auto server = other(occasion.client);
  EndAddresses addresses{.whose = server};
  std::vector<std::string> named;
  for (const auto& binding : bindings) {
    if (binding.address.has_value()) {
      const bool known =
          std::ranges::find(addresses.addresses, *binding.address) != addresses.addresses.end();
      if (!known && is_of_use(*binding.address)) {
        addresses.addresses.push_back(*binding.address);
      }
      continue;
    }
    const bool known = std::ranges::find(named, binding.host) != named.end();
    if (known || !encoding::may_be_host_name(binding.host)) { continue; }
    named.push_back(binding.host);
    out.observe(occasion.at, server, kBindingsRule,
                EndNamed{.whose = server, .name = binding.host, .kind = NameKind::kDcom});
  }
  if (!addresses.addresses.empty()) {
    out.observe(occasion.at, server, kBindingsRule, std::move(addresses));
  }
}

[[nodiscard]] std::optional<OfferSeen::Service> service_of(const ndr::Guid& clsid) {
  if (clsid == assistance_offer::kPchServiceClass) { return OfferSeen::Service::kPchService; }
  if (clsid == assistance_offer::kRaSrvClass) { return OfferSeen::Service::kRaSrv; }
  return std::nullopt;
}

void tell_activation(Call& call, const Occasion& occasion, Findings& out) {
  const auto request = read_stub(call, [&](ndr::NdrReader& in) {
    if (call.interface == Interface::kActivation) { return dcom::read_remote_activation(in); }
    return call.opnum == 3 ? dcom::read_remote_get_class_object(in)
                           : dcom::read_remote_create_instance(in);
  });
  if (!request) { return; }
  call.activates = service_of(request->clsid);
  if (!call.activates.has_value()) { return; }
  out.observe(occasion.at, occasion.client, kActivationRule,
              OfferSeen{.service = *call.activates,
                        .step = OfferSeen::Step::kActivation,
                        .expert = occasion.client,
                        .windows_session_id = request->windows_session_id});
}

void tell_activated(const Call& call, const Occasion& occasion, Findings& out) {
  const auto reply = read_stub(call, [&](ndr::NdrReader& in) {
    return call.interface == Interface::kActivation ? dcom::read_remote_activation_reply(in)
                                                    : dcom::read_activation_reply(in);
  });
  if (!reply) { return; }
  auto bindings = reply->exporter;
  bindings.insert(bindings.end(), reply->resolver.begin(), reply->resolver.end());
  tell_bindings(bindings, occasion, out);
  if (!call.activates.has_value()) { return; }
  OfferSeen step{
      .service = *call.activates, .step = OfferSeen::Step::kActivated, .expert = occasion.client};
  if (dcom::is_failure(reply->result) || !reply->has_properties) {
    step.step = OfferSeen::Step::kFailed;
    if (reply->result != 0) { step.error = assistance_offer::name_result(reply->result); }
  }
  for (const auto& binding : reply->exporter) {
    const bool known = !binding.port.has_value() ||
                       std::ranges::find(step.listeners, *binding.port) != step.listeners.end();
    if (!known && binding.tower == StringBinding::Tower::kTcp) {
      step.listeners.push_back(*binding.port);
    }
  }
  out.observe(occasion.at, other(occasion.client), kActivatedRule, std::move(step));
}

void tell_asked(const Call& call, const Occasion& occasion, Findings& out) {
  auto step = make_step(call.interface, OfferSeen::Step::kAsked, occasion.client, call.by_port);
  step.sealed = !call.readable();
  if (call.interface == Interface::kPchService) {
    const auto request = read_stub(call, assistance_offer::read_connection_parms);
    if (request) {
      step.user = request->expert.user;
      step.domain = request->expert.domain;
      step.novice_user = request->novice.user;
      step.novice_domain = request->novice.domain;
      step.windows_session_id = request->session_id;
    }
  }
  out.observe(occasion.at, occasion.client, rule_of(call), std::move(step));
}

/// A connection string is a ticket of its own, [MS-RAI] 2.2.
void tell_ticket(ByteView connection_string, Side from, Instant at, Findings& out) {
  ticket::DocumentWatch watch{{.protocol = "DCERPC"}, nothing_given(), ticket::Look::kTicket};
  watch.on_bytes(from, connection_string, at, out);
  watch.on_end(from, at, out);
}

/// A connection string was given, or not.
void tell_answered(const Call& call, const Occasion& occasion, Findings& out) {
  const auto server = other(occasion.client);
  auto step = make_step(call.interface, OfferSeen::Step::kAnswered, occasion.client, call.by_port);
  const auto reply = read_stub(call, call.interface == Interface::kRaSrv
                                         ? assistance_offer::read_novice_user_info_reply
                                         : assistance_offer::read_connection_parms_reply);
  if (reply) {
    if (dcom::is_failure(reply->result)) {
      step.step = OfferSeen::Step::kFailed;
      step.error = assistance_offer::name_result(reply->result);
    } else {
      tell_ticket(reply->connection_string, server, occasion.at, out);
    }
  } else {
    step.sealed = true;
    if (call.stub.size() < kLeastSealedString) { step.step = OfferSeen::Step::kFailed; }
  }
  out.observe(occasion.at, server, rule_of(call), std::move(step));
}

/// Where the novice's service can be reached, as the endpoint mapper of its machine has it.
void tell_mapped(const Call& call, const Occasion& occasion, Findings& out) {
  const auto mapped = read_stub(call, read_ept_map_reply);
  if (!mapped) { return; }
  for (const auto offer : {Interface::kPchService, Interface::kRaSrv}) {
    auto step = make_step(offer, OfferSeen::Step::kMapped, occasion.client);
    for (const auto& [interface, port] : *mapped) {
      const bool known = std::ranges::find(step.listeners, port) != step.listeners.end();
      if (to_interface(interface) == offer && !known) { step.listeners.push_back(port); }
    }
    if (!step.listeners.empty()) {
      out.observe(occasion.at, other(occasion.client), kMappedRule, std::move(step));
    }
  }
}

/// The invitation to look at another's session is a connection string 2.
void tell_shadowed(const Call& call, const Occasion& occasion, Findings& out) {
  const auto reply = read_stub(call, read_shadow_reply);
  if (!reply || dcom::is_failure(reply->result) || reply->invitation.empty()) { return; }
  tell_ticket(reply->invitation, other(occasion.client), occasion.at, out);
}

void tell_failure(const Call& call, std::uint32_t result, const Occasion& occasion, Findings& out) {
  if (!dcom::is_failure(result)) { return; }
  auto step = make_step(call.interface, OfferSeen::Step::kFailed, occasion.client);
  step.error = assistance_offer::name_result(result);
  out.observe(occasion.at, other(occasion.client), rule_of(call), std::move(step));
}

void tell_session_list(const Call& call, const Occasion& occasion, Findings& out) {
  const auto reply = read_stub(call, assistance_offer::read_session_info_reply);
  if (!reply) { return; }
  tell_failure(call, reply->result, occasion, out);
  auto step = make_step(call.interface, OfferSeen::Step::kSessions, occasion.client);
  for (const auto& session : reply->sessions) {
    step.sessions.push_back(
        {.id = session.session_id, .user = session.account.user, .domain = session.account.domain});
  }
  if (!step.sessions.empty()) {
    out.observe(occasion.at, other(occasion.client), rule_of(call), std::move(step));
  }
}

/// RemoteUserSessionInfo gives an object, whose calls name sessions that the next call names again.
void tell_session_collection(const Call& call, const Occasion& occasion, Findings& out) {
  const auto result = read_stub(call, [](ndr::NdrReader& in) {
    dcom::read_orpcthat(in);
    if (in.pointer("pVal")) { (void)dcom::read_interface_pointer(in); }
    return in.u32("result");
  });
  if (result) { tell_failure(call, *result, occasion, out); }
}

}  // namespace

OfferSeen make_step(Interface interface, OfferSeen::Step step, Side client, bool by_port) {
  return {.service = interface == Interface::kRaSrv ? OfferSeen::Service::kRaSrv
                                                    : OfferSeen::Service::kPchService,
          .step = step,
          .expert = client,
          .by_port = by_port};
}

void tell_request(Call& call, const Occasion& occasion, Findings& out) {
  switch (call.interface) {
    case Interface::kScmActivator:
    case Interface::kActivation:
      tell_activation(call, occasion, out);
      break;
    case Interface::kPchService:
      if (call.opnum == assistance_offer::kRemoteConnectionParms) {
        tell_asked(call, occasion, out);
      }
      break;
    case Interface::kRaSrv:
      if (call.opnum == assistance_offer::kGetNoviceUserInfo) { tell_asked(call, occasion, out); }
      break;
    case Interface::kEndpointMapper:
    case Interface::kSessEnvPublicRpc:
    case Interface::kObjectExporter:
    case Interface::kRemUnknown:
    case Interface::kOther:
      break;
  }
}

void tell_response(const Call& call, const Occasion& occasion, Findings& out) {
  switch (call.interface) {
    case Interface::kEndpointMapper:
      tell_mapped(call, occasion, out);
      break;
    case Interface::kSessEnvPublicRpc:
      tell_shadowed(call, occasion, out);
      break;
    case Interface::kObjectExporter: {
      const auto bindings =
          read_stub(call, call.opnum == 5 ? dcom::read_server_alive2 : dcom::read_resolve_oxid);
      if (bindings) { tell_bindings(*bindings, occasion, out); }
      break;
    }
    case Interface::kScmActivator:
    case Interface::kActivation:
      tell_activated(call, occasion, out);
      break;
    case Interface::kPchService:
      if (call.opnum == assistance_offer::kRemoteConnectionParms) {
        tell_answered(call, occasion, out);
      } else {
        tell_session_collection(call, occasion, out);
      }
      break;
    case Interface::kRaSrv:
      if (call.opnum == assistance_offer::kGetNoviceUserInfo) {
        tell_answered(call, occasion, out);
      } else {
        tell_session_list(call, occasion, out);
      }
      break;
    case Interface::kRemUnknown:
    case Interface::kOther:
      break;
  }
}

void tell_fault(const Call& call, std::uint32_t status, const Occasion& occasion, Findings& out) {
  if (!is_offer(call.interface) && !call.activates.has_value()) { return; }
  auto step = make_step(call.interface, OfferSeen::Step::kFailed, occasion.client, call.by_port);
  if (call.activates.has_value()) { step.service = *call.activates; }
  step.error = assistance_offer::name_fault(status);
  out.observe(occasion.at, other(occasion.client), kFaultRule, std::move(step));
}

}  // namespace remora::dcerpc
