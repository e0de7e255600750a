#include "dissect/rdp/rdp_dissector.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "dissect/rdp/gcc/client_blocks.h"
#include "dissect/rdp/gcc/client_settings.h"
#include "dissect/rdp/gcc/server_blocks.h"
#include "dissect/rdp/gcc/server_settings.h"
#include "dissect/rdp/names.h"
#include "dissect/rdp/negotiation.h"
#include "dissect/rdp/resync.h"
#include "dissect/rdp/tpkt.h"
#include "dissect/x509/certificate.h"

namespace remora::rdp {
namespace {

constexpr Protocol kTls{"tls"};

/// An X.224 Data TPDU in a TPKT: 03 00 length 02 f0 80. Rare enough by chance to find one's place
/// again after a hole.
constexpr std::size_t kMarkSize = 7;

bool is_data_tpdu(ByteView bytes) {
  return bytes.size() >= kMarkSize && to_u8(bytes[0]) == 0x03 && to_u8(bytes[1]) == 0x00 &&
         to_u8(bytes[4]) == 0x02 && to_u8(bytes[5]) == 0xf0 && to_u8(bytes[6]) == 0x80;
}

/// How many bytes to pass over until a PDU may start; all but what could be the start of a mark
/// when there is none.
std::size_t bytes_before_mark(ByteView bytes) {
  for (std::size_t at = 0; at + kMarkSize <= bytes.size(); ++at) {
    if (is_data_tpdu(bytes.subspan(at))) { return at; }
  }
  return bytes.size() < kMarkSize ? 0 : bytes.size() - kMarkSize + 1;
}

/// RFC 8446 5.1: a handshake record of any version.
bool is_tls_handshake(ByteView bytes) {
  return bytes.size() >= 3 && to_u8(bytes[0]) == 0x16 && to_u8(bytes[1]) == 0x03 &&
         to_u8(bytes[2]) <= 0x04;
}

/// The first byte or two of one.
bool may_become_tls_handshake(ByteView bytes) {
  return bytes.size() < 3 && to_u8(bytes[0]) == 0x16 &&
         (bytes.size() == 1 || to_u8(bytes[1]) == 0x03);
}

void observe_damage(Findings& out, Instant at, Side from, const char* rule,
                    const ReadError& error) {
  out.observe(at, from, rule, observation::Damage{.what = error.to_text()});
}

}  // namespace

std::size_t RdpDissector::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  const auto used = read(from, bytes, at, out);
  waiting_.at(index_of(from)) = used == 0 ? bytes.size() : 0;
  return used;
}

/// Nothing once `bytes` starts a PDU, else how many of them to pass over; 0 where it takes more of
/// them to tell.
std::optional<std::size_t> RdpDissector::find_place(Side from, ByteView bytes) {
  std::size_t before = 0;
  bool found = false;
  if (const auto marks = session_pdus_.security().marks_of(from)) {
    const auto next = find_next_pdu(bytes, marks->from_client, marks->form);
    before = next.before;
    found = next.found && before == 0;
  } else {
    before = bytes_before_mark(bytes);
    found = before == 0 && bytes.size() >= kMarkSize;
  }
  session_pdus_.on_unread(from, before);
  return found ? std::nullopt : std::optional{before};
}

std::size_t RdpDissector::read(Side from, ByteView bytes, Instant at, Findings& out) {
  auto& lost_place = lost_place_.at(index_of(from));
  if (lost_place) {
    if (const auto before = find_place(from, bytes)) { return *before; }
    lost_place = false;
  }
  if (is_tls_handshake(bytes)) {
    // The Connection Confirm was not captured; the client goes on with what it selected.
    out.hand_over(kTls);
    return 0;
  }
  if (may_become_tls_handshake(bytes)) { return 0; }
  const auto pdu = measure_pdu(bytes);
  if (pdu.needs_more()) { return 0; }
  if (pdu.is_lost()) {
    out.observe(at, from, "rdp.framing",
                observation::Damage{.what = "pdu at 0: " + std::string{pdu.why()}});
    lost_place = true;
    session_pdus_.on_unread(from, 1);
    return 1;
  }
  const auto whole = bytes.first(pdu.size());
  if (framing_of(to_u8(whole.front())) == Framing::kFastPath) {
    session_pdus_.on_fast_path(whole, from, at, out);
    return pdu.size();
  }
  if (const auto tpdu = decode(whole, read_tpdu)) {
    on_tpdu(*tpdu, from, at, out);
  } else {
    observe_damage(out, at, from, "x224.tpdu", tpdu.error());
    session_pdus_.on_unread(from, whole.size());
  }
  return pdu.size();
}

void RdpDissector::on_gap(Side from, std::uint64_t size, Instant /*at*/, Findings& out) {
  lost_place_.at(index_of(from)) = true;
  session_pdus_.on_unread(from, size + std::exchange(waiting_.at(index_of(from)), 0));
  session_pdus_.on_gap(from, out);
}

void RdpDissector::on_end(Side from, Instant /*at*/, Findings& out) {
  session_pdus_.on_end(from, out);
}

void RdpDissector::on_tpdu(const Tpdu& tpdu, Side from, Instant at, Findings& out) {
  switch (tpdu.code) {
    case TpduCode::kConnectionRequest:
      begun_ = true;
      on_connection_request(tpdu.user_data, from, at, out);
      break;
    case TpduCode::kConnectionConfirm:
      begun_ = true;
      on_connection_confirm(tpdu, from, at, out);
      break;
    case TpduCode::kData:
      on_mcs(tpdu.user_data, from, at, out);
      break;
    case TpduCode::kDisconnectRequest:
      out.observe(at, from, "x224.disconnect_request",
                  observation::DisconnectAnnounced{
                      .reason = {.code = tpdu.reason,
                                 .name = std::string{x224_disconnect_reason_name(tpdu.reason)}}});
      break;
    case TpduCode::kError:
      out.observe(at, from, "x224.error",
                  observation::Anomaly{.code = "x224.error",
                                       .detail = "reject cause " + std::to_string(tpdu.reason)});
      break;
    default:
      out.observe(at, from, "x224.tpdu",
                  observation::Damage{.what = "TPDU code at 5: not one that RDP uses"});
      break;
  }
}

void RdpDissector::on_connection_request(ByteView variable_part, Side from, Instant at,
                                         Findings& out) {
  auto request = decode(variable_part, read_connection_request);
  if (!request.has_value()) {
    observe_damage(out, at, from, "x224.connection_request", request.error());
    return;
  }
  observation::ConnectionRequested seen{.cookie = std::move(request->cookie),
                                        .routing_token = std::move(request->routing_token)};
  if (seen.routing_token.has_value()) { seen.routing_target = decode_msts(*seen.routing_token); }
  if (request->negotiation.has_value()) {
    seen.requested_protocols = request->negotiation->requested_protocols.raw();
    seen.flags = request->negotiation->flags.raw();
  }
  if (request->correlation.has_value()) {
    seen.correlation_id = request->correlation->correlation_id;
  }
  out.observe(at, from, "x224.connection_request", std::move(seen));
  if (request->trailing_bytes > 0) {
    out.observe(at, from, "x224.connection_request",
                observation::Anomaly{.code = "x224.trailing_bytes",
                                     .detail = std::to_string(request->trailing_bytes) +
                                               " bytes after the connection request's fields"});
  }
}

void RdpDissector::on_connection_confirm(const Tpdu& tpdu, Side from, Instant at,
                                         Findings& out) const {
  const auto confirm = decode(tpdu.user_data, read_connection_confirm);
  if (!confirm.has_value()) {
    observe_damage(out, at, from, "x224.connection_confirm", confirm.error());
    return;
  }
  if (confirm->failure.has_value()) {
    const auto code = confirm->failure->failure_code;
    out.observe(
        at, from, "x224.negotiation_failure",
        observation::NegotiationFailed{
            .failure = {.code = code, .name = std::string{negotiation_failure_name(code)}}});
    return;
  }
  observation::ConnectionConfirmed seen{.source_reference = tpdu.source_reference};
  if (confirm->response.has_value()) {
    seen.selected_protocol = confirm->response->selected_protocol.raw();
    seen.flags = confirm->response->flags.raw();
  }
  out.observe(at, from, "x224.connection_confirm", seen);
  const bool protected_already = surroundings_ == Surroundings::kTls;
  if (seen.selected_protocol.value_or(0) != 0 && !protected_already) { out.hand_over(kTls); }
}

// NOLINTNEXTLINE(readability-convert-member-functions-to-static): one of its kinds is not
void RdpDissector::on_mcs(ByteView data, Side from, Instant at, Findings& out) {
  const auto pdu = decode(data, read_mcs_pdu);
  if (!pdu.has_value()) {
    observe_damage(out, at, from, "mcs.pdu", pdu.error());
    session_pdus_.on_unread(from, data.size());
    return;
  }
  std::visit([&](const auto& kind) { on_mcs_pdu(kind, from, at, out); }, *pdu);
}

void RdpDissector::on_mcs_pdu(const ConnectInitial& pdu, Side from, Instant at, Findings& out) {
  begun_ = true;
  const auto blocks = decode(pdu.user_data, read_client_blocks);
  if (!blocks.has_value()) {
    observe_damage(out, at, from, "mcs.connect_initial", blocks.error());
    return;
  }
  auto settings = to_client_settings(*blocks);
  session_pdus_.set_client(settings);
  out.observe(at, from, "mcs.connect_initial", std::move(settings));
  if (blocks->damage.has_value()) {
    observe_damage(out, at, from, "mcs.connect_initial", *blocks->damage);
  }
}

void RdpDissector::on_mcs_pdu(const ConnectResponse& pdu, Side from, Instant at, Findings& out) {
  begun_ = true;
  const auto blocks = decode(pdu.user_data, read_server_blocks);
  if (!blocks.has_value()) {
    observe_damage(out, at, from, "mcs.connect_response", blocks.error());
    return;
  }
  auto settings = to_server_settings(*blocks, pdu.result);
  session_pdus_.set_security(settings);
  if (blocks->security.has_value()) {
    session_pdus_.security().set_server_key(*blocks->security, from, at, out);
  }
  out.observe(at, from, "mcs.connect_response", std::move(settings));
  if (blocks->damage.has_value()) {
    observe_damage(out, at, from, "mcs.connect_response", *blocks->damage);
  }
  if (!blocks->security.has_value() || !blocks->security->certificate.has_value()) { return; }
  const auto leaf = blocks->security->certificate->leaf();
  if (leaf.empty()) { return; }
  if (auto certificate = x509::read_certificate(leaf)) {
    out.observe(at, from, "mcs.server_certificate", std::move(*certificate));
  }
}

/// Requests go to the server, indications to the client, T.125 11.32 and 11.33.
void RdpDissector::on_first_send_data(const SendData& pdu, Side from, Instant at, Findings& out) {
  begun_ = true;
  const bool request = pdu.choice == McsChoice::kSendDataRequest;
  out.observe(
      at, from, "rdp.mid_stream",
      observation::MidStream{.client = request ? from : other(from), .connecting = joining_});
}

void RdpDissector::on_mcs_pdu(const ChannelJoinRequest& pdu, Side, Instant, Findings&) {
  joining_ = true;
  session_pdus_.on_join(pdu.channel_id, pdu.initiator);
}

void RdpDissector::on_mcs_pdu(const SendData& pdu, Side from, Instant at, Findings& out) {
  if (!begun_) { on_first_send_data(pdu, from, at, out); }
  session_pdus_.on_send_data(pdu, from, at, out);
}

void RdpDissector::on_mcs_pdu(const DisconnectProviderUltimatum& pdu, Side from, Instant at,
                              Findings& out) {
  out.observe(
      at, from, "mcs.disconnect_provider_ultimatum",
      observation::DisconnectAnnounced{
          .reason = {.code = pdu.reason, .name = std::string{disconnect_reason_name(pdu.reason)}}});
}

// What only moves the connection on tells nothing that the blocks have not told.
void RdpDissector::on_mcs_pdu(const UnknownMcsPdu&, Side, Instant, Findings&) {}
void RdpDissector::on_mcs_pdu(const ErectDomainRequest&, Side, Instant, Findings&) {}
void RdpDissector::on_mcs_pdu(const AttachUserRequest&, Side, Instant, Findings&) {}
void RdpDissector::on_mcs_pdu(const AttachUserConfirm&, Side, Instant, Findings&) {}
void RdpDissector::on_mcs_pdu(const ChannelJoinConfirm&, Side, Instant, Findings&) {}

}  // namespace remora::rdp
