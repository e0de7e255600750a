#include "dissect/multitransport/multitransport_dissector.h"

#include <string>

#include "dissect/encoding/digest.h"
#include "dissect/observation/transport.h"
#include "dissect/observation/trouble.h"

namespace remora::multitransport {
namespace {

constexpr Protocol kDynamicChannels{"drdynvc.tunnel"};

void tell_damage(Findings& out, Instant at, Side from, const ReadError& why) {
  out.observe(at, from, "multitransport.pdu", observation::Damage{.what = why.to_text()});
}

}  // namespace

std::size_t MultitransportDissector::on_bytes(Side from, ByteView bytes, Instant at,
                                              Findings& out) {
  auto& lost_place = lost_place_.at(index_of(from));
  if (lost_place) {
    if (!are_tunnel_pdus(bytes)) { return bytes.size(); }
    lost_place = false;
  }
  const auto extent = measure_tunnel_pdu(bytes);
  if (extent.needs_more()) { return 0; }
  if (extent.is_lost()) {
    tell_damage(out, at, from,
                {.field = "TunnelHeader", .offset = 0, .reason = std::string{extent.why()}});
    lost_place = true;
    lose(from, out);
    return bytes.size();
  }
  if (const auto pdu = decode(bytes.first(extent.size()), read_tunnel_pdu)) {
    on_pdu(*pdu, from, at, out);
  }
  return extent.size();
}

void MultitransportDissector::on_gap(Side from, std::uint64_t /*size*/, Instant /*at*/,
                                     Findings& out) {
  lost_place_.at(index_of(from)) = true;
  lose(from, out);
}

void MultitransportDissector::on_pdu(const TunnelPdu& pdu, Side from, Instant at, Findings& out) {
  if (pdu.action == Action::kData) {
    on_data(pdu, from, at, out);
  } else if (pdu.action == Action::kCreateRequest) {
    const auto request = decode(pdu.payload, read_create_request);
    if (!request.has_value()) {
      tell_damage(out, at, from, request.error());
      return;
    }
    out.observe(
        at, from, "multitransport.create_request",
        observation::TunnelRequested{.request_id = request->request_id,
                                     .cookie_hash = encoding::sha256(request->security_cookie)});
  } else {
    const auto result = decode(pdu.payload, read_create_response);
    if (!result.has_value()) {
      tell_damage(out, at, from, result.error());
      return;
    }
    out.observe(at, from, "multitransport.create_response",
                observation::TunnelAnswered{.result = *result});
  }
}

void MultitransportDissector::on_data(const TunnelPdu& pdu, Side from, Instant at, Findings& out) {
  if (const auto count = decode(pdu.sub_headers, read_sub_headers); !count.has_value()) {
    tell_damage(out, at, from, count.error());
  }
  if (pdu.payload.empty()) { return; }
  passed_on_.at(index_of(from)) = true;
  const auto size = static_cast<std::uint32_t>(pdu.payload.size());
  out.pass_on(ChannelPiece{.channel = kDynamicChannels.word,
                           .from = from,
                           .bytes = pdu.payload,
                           .offset = 0,
                           .total = size});
}

/// What a channel was in the middle of has a hole.
void MultitransportDissector::lose(Side from, Findings& out) {
  if (!passed_on_.at(index_of(from))) { return; }
  out.pass_on(ChannelPiece{.channel = kDynamicChannels.word,
                           .from = from,
                           .kind = ChannelPiece::Kind::kLost,
                           .bytes = {}});
}

}  // namespace remora::multitransport
