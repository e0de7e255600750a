#include "dissect/rdp_udp/rdp_udp_dissector.h"

#include "dissect/observation/transport.h"
#include "dissect/rdp_udp/data_v1.h"
#include "dissect/rdp_udp/data_v2.h"

namespace remora::rdp_udp {
namespace {

constexpr Protocol kTls{"tls.multitransport"};
constexpr Protocol kDtls{"dtls"};
/// [MS-RDPEUDP2] does not say with which ChannelSeqNum a sender begins; Windows' first is 1 (zeek
/// rdpeudp2-handshake-success.pcap, frames 3 and 5).
constexpr std::uint32_t kFirstChannelSequenceNumber = 1;

}  // namespace

void RdpUdpDissector::on_datagram(const Datagram& datagram, Findings& out) {
  if (is_syn(datagram.bytes)) {
    if (const auto syn = decode(datagram.bytes, read_syn)) { on_syn(*syn, datagram, out); }
    return;
  }
  if (is_version3()) {
    on_data_v2(datagram, out);
  } else if (agreed_.has_value() || offered_.value_or(kVersion3) < kVersion3) {
    // Without the answer, version 3 may have been agreed on where it was offered.
    on_data_v1(datagram, out);
  }
}

void RdpUdpDissector::on_syn(const Syn& syn, const Datagram& datagram, Findings& out) {
  // [MS-RDPEUDP] 3.1.1.2: source packets are counted from the initial number on; the SYN is the
  // first.
  if (syn.is_answer()) {
    on_answer(syn, datagram, out);
  } else {
    on_request(syn, datagram, out);
  }
}

void RdpUdpDissector::on_request(const Syn& syn, const Datagram& datagram, Findings& out) {
  if (offered_.has_value()) { return; }  // sent again
  offered_ = syn.version.value_or(kVersion1);
  lossy_ = lossy_ || syn.flags.has(Flag::kSynLossy);
  if (!is_version3()) {
    payloads_.at(index_of(datagram.from)).expect(syn.initial_sequence_number + 1);
  }
  out.observe(datagram.at, datagram.from, "rdp_udp.syn",
              observation::UdpTransportRequested{.version = *offered_,
                                                 .lossy = syn.flags.has(Flag::kSynLossy),
                                                 .correlation_id = syn.correlation_id,
                                                 .cookie_hash = syn.cookie_hash});
}

void RdpUdpDissector::on_answer(const Syn& syn, const Datagram& datagram, Findings& out) {
  if (agreed_.has_value()) { return; }
  agreed_ = syn.version.value_or(kVersion1);
  lossy_ = lossy_ || syn.flags.has(Flag::kSynLossy);
  if (is_version3()) {
    payloads_ = {OrderedPayloads{16}, OrderedPayloads{16}};
    for (auto& payloads : payloads_) { payloads.expect(kFirstChannelSequenceNumber); }
  } else {
    payloads_.at(index_of(datagram.from)).expect(syn.initial_sequence_number + 1);
    if (!offered_.has_value()) {
      // The client's SYN was not captured, but the answer acknowledges it.
      payloads_.at(index_of(other(datagram.from))).expect(syn.source_ack + 1);
    }
  }
  out.observe(datagram.at, datagram.from, "rdp_udp.syn_ack",
              observation::UdpTransportAccepted{.version = *agreed_, .lossy = lossy_});
}

void RdpUdpDissector::on_data_v1(const Datagram& datagram, Findings& out) {
  const auto data = decode(datagram.bytes, read_data_v1);
  if (!data.has_value() || data->payload.empty()) { return; }
  pass_on(datagram, data->source_start, data->payload, out);
}

void RdpUdpDissector::on_data_v2(const Datagram& datagram, Findings& out) {
  unveil(datagram.bytes, clear_);
  const auto data = decode(clear_, read_data_v2);
  if (!data.has_value() || data->dummy || !data->channel_sequence_number.has_value()) { return; }
  pass_on(datagram, *data->channel_sequence_number, data->payload, out);
}

void RdpUdpDissector::pass_on(const Datagram& datagram, std::uint32_t sequence, ByteView payload,
                              Findings& out) {
  if (lossy_) {
    // Nothing is sent again, and a DTLS datagram is whole in itself.
    out.carry(kDtls);
    out.pass_on(datagram.from, payload);
    return;
  }
  out.carry(kTls);
  pieces_.clear();
  payloads_.at(index_of(datagram.from)).add(sequence, payload, pieces_);
  for (const auto& piece : pieces_) {
    if (piece.hole) {
      out.pass_on_gap(datagram.from, Findings::kUnknownSize);
    } else {
      out.pass_on(datagram.from, piece.bytes);
    }
  }
}

}  // namespace remora::rdp_udp
