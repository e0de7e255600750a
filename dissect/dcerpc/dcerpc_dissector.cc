#include "dissect/dcerpc/dcerpc_dissector.h"

#include <utility>
#include <variant>

#include "dissect/assistance_offer/results.h"
#include "dissect/dcerpc/auth_verifier.h"
#include "dissect/dcerpc/call_pdu.h"
#include "dissect/dcerpc/told.h"

namespace remora::dcerpc {
namespace {

using observation::EndAccount;
using observation::OfferSeen;

constexpr const char* kBindRule = "dcerpc.bind";
constexpr const char* kRefusedRule = "dcerpc.bind_refused";

/// Whether it binds, and its verifier holds a token rather than a signature of what it carries.
[[nodiscard]] bool is_binding(PduType type) {
  switch (type) {
    case PduType::kBind:
    case PduType::kBindAck:
    case PduType::kBindNak:
    case PduType::kAlterContext:
    case PduType::kAlterContextResponse:
    case PduType::kAuth3:
      return true;
    default:
      return false;
  }
}

[[nodiscard]] bool names_in_clear(AuthType type) {
  return type == AuthType::kGssNegotiate || type == AuthType::kWinNt ||
         type == AuthType::kGssKerberos;
}

}  // namespace

bool DcerpcDissector::is_spent() const {
  return pdus_ >= (contexts_.of_interest() ? kMaxPdusOfInterest : kMaxPdus);
}

std::size_t DcerpcDissector::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  const auto extent = measure_pdu(bytes);
  auto& lost = lost_.at(index_of(from));
  if (extent.is_lost() || is_spent()) {
    // After a hole the next PDU is looked for where the next piece begins.
    if (!lost || ++pdus_ > kMaxPdus) { out.leave(); }
    return bytes.size();
  }
  if (bytes.size() < kPduHeaderBytes) { return 0; }
  const auto header = decode(bytes, read_pdu_header).value();
  const auto with_body = needs_body(header, bytes);
  if (!with_body.has_value()) { return 0; }
  lost = false;
  if (!*with_body) {
    ++pdus_;
    out.skip(header.frag_length - kPduHeaderBytes);
    return kPduHeaderBytes;
  }
  if (extent.needs_more()) { return 0; }
  ++pdus_;
  on_pdu(from, header, bytes.first(extent.size()), at, out);
  if (authentication_.answered() && !contexts_.of_interest()) { out.leave(); }
  return extent.size();
}

std::optional<bool> DcerpcDissector::needs_body(const PduHeader& header, ByteView bytes) {
  switch (header.type) {
    case PduType::kRequest: {
      if (calls_.find(header.call_id) != nullptr) { return true; }
      if (header.frag_length < kRequestHeadBytes) { return false; }
      if (bound_ && !contexts_.of_interest()) { return false; }
      if (bytes.size() < kRequestHeadBytes) { return std::nullopt; }
      const auto head = decode(bytes, read_request_head).value();
      return is_read(context_of(head).interface, head.opnum);
    }
    case PduType::kResponse:
    case PduType::kFault:
      return calls_.find(header.call_id) != nullptr;
    default:
      return is_binding(header.type);
  }
}

Contexts::Context DcerpcDissector::context_of(const RequestHead& head) const {
  if (const auto* context = contexts_.find(head.context_id)) { return *context; }
  return {.id = head.context_id,
          .interface =
              bound_ ? Interface::kOther : offer_by_call(head.opnum).value_or(Interface::kOther),
          .ndr = false};
}

void DcerpcDissector::on_pdu(Side from, const PduHeader& header, ByteView pdu, Instant at,
                             Findings& out) {
  switch (header.type) {
    case PduType::kRequest:
      on_request(from, header, pdu, at, out);
      break;
    case PduType::kResponse:
    case PduType::kFault:
      on_answer(from, header, pdu, at, out);
      break;
    default:
      on_binding(from, header, pdu, at, out);
      on_token(from, header, pdu, at, out);
      break;
  }
}

void DcerpcDissector::on_binding(Side from, const PduHeader& header, ByteView pdu, Instant at,
                                 Findings& out) {
  std::vector<Contexts::Refusal> refused;
  bound_ = bound_ || header.type == PduType::kBind;
  switch (header.type) {
    case PduType::kBind:
    case PduType::kAlterContext: {
      const auto asked = decode(pdu, read_bind);
      if (!asked) { return; }
      const auto before = contexts_.offer();
      contexts_.ask(*asked);
      const auto offer = contexts_.offer();
      if (offer != Interface::kOther && offer != before) { tell_bound(from, offer, at, out); }
      return;
    }
    case PduType::kBindAck:
    case PduType::kAlterContextResponse:
      if (const auto results = decode(pdu, read_bind_ack)) { refused = contexts_.answer(*results); }
      break;
    case PduType::kBindNak:
      if (const auto reason = decode(pdu, read_bind_nak)) {
        refused = contexts_.refuse_all(*reason);
      }
      break;
    default:
      return;
  }
  for (const auto& refusal : refused) {
    if (!is_offer(refusal.interface)) { continue; }
    auto step = make_step(refusal.interface, OfferSeen::Step::kFailed, other(from));
    step.error = {.code = refusal.reason, .name = "bind refused"};
    out.observe(at, from, kRefusedRule, std::move(step));
  }
}

void DcerpcDissector::on_token(Side from, const PduHeader& header, ByteView pdu, Instant at,
                               Findings& out) {
  const auto verifier = find_auth_verifier(header, pdu);
  if (!verifier || !names_in_clear(verifier->type)) { return; }
  const auto before = out.found().size();
  authentication_.on_blob(from, verifier->value, at, out);
  for (auto told = before; told < out.found().size(); ++told) {
    const auto* account = std::get_if<EndAccount>(&out.found()[told].what);
    if (account == nullptr || account->user.empty()) { continue; }
    logon_user_ = account->user;
    logon_domain_ = account->domain;
    tell_logon(from, at, out);
    break;
  }
}

void DcerpcDissector::on_request(Side from, const PduHeader& header, ByteView pdu, Instant at,
                                 Findings& out) {
  if ((header.flags & PduHeader::kFirstFragment) != 0) {
    const auto head = decode(pdu, read_request_head);
    const auto context = head ? context_of(*head) : Contexts::Context{};
    if (!head || !is_read(context.interface, head->opnum)) {
      calls_.end(header.call_id);
      return;
    }
    calls_.begin({.id = header.call_id,
                  .interface = context.interface,
                  .opnum = head->opnum,
                  .by_port = contexts_.find(head->context_id) == nullptr,
                  .ndr = context.ndr});
  }
  auto* call = calls_.add(header.call_id, header, stub_of(header, pdu));
  if (call == nullptr || (header.flags & PduHeader::kLastFragment) == 0) { return; }
  const auto before = out.found().size();
  tell_request(*call, {.client = from, .at = at}, out);
  for (auto told = before; told < out.found().size(); ++told) {
    if (auto* step = std::get_if<OfferSeen>(&out.found()[told].what)) {
      step->logon_user = logon_user_;
      step->logon_domain = logon_domain_;
    }
  }
}

void DcerpcDissector::on_answer(Side from, const PduHeader& header, ByteView pdu, Instant at,
                                Findings& out) {
  const Occasion occasion{.client = other(from), .at = at};
  if (header.type == PduType::kFault) {
    const auto* call = calls_.find(header.call_id);
    const auto status = decode(pdu, read_fault);
    if (call != nullptr && status) { tell_fault(*call, *status, occasion, out); }
    calls_.end(header.call_id);
    return;
  }
  const auto* call = calls_.add(header.call_id, header, stub_of(header, pdu));
  if (call == nullptr || (header.flags & PduHeader::kLastFragment) == 0) { return; }
  tell_response(*call, occasion, out);
  calls_.end(header.call_id);
}

void DcerpcDissector::tell_bound(Side client, Interface offer, Instant at, Findings& out) {
  auto step = make_step(offer, OfferSeen::Step::kBound, client);
  step.logon_user = logon_user_;
  step.logon_domain = logon_domain_;
  out.observe(at, client, kBindRule, std::move(step));
}

/// Who offers, where the connection is one of an offer already.
void DcerpcDissector::tell_logon(Side client, Instant at, Findings& out) {
  const auto offer = contexts_.offer();
  if (offer == Interface::kOther) { return; }
  auto step = make_step(offer, OfferSeen::Step::kLogon, client);
  step.logon_user = logon_user_;
  step.logon_domain = logon_domain_;
  out.observe(at, client, kBindRule, std::move(step));
}

void DcerpcDissector::on_gap(Side from, std::uint64_t /*size*/, Instant /*at*/, Findings& /*out*/) {
  lost_.at(index_of(from)) = true;
  calls_.spoil();
}

}  // namespace remora::dcerpc
