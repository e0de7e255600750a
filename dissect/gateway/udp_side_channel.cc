#include "dissect/gateway/udp_side_channel.h"

#include "capture/base/cursor.h"
#include "dissect/observation/transport.h"

namespace remora::gateway {
namespace {

constexpr Port kGatewayPort{3391};

/// The first record of a datagram, RFC 6347 4.1: type, version DTLS 1.0 or 1.2, epoch, sequence
/// number, length.
bool is_dtls(ByteView bytes) {
  constexpr std::uint16_t kDtls10 = 0xfeff;
  constexpr std::uint16_t kDtls12 = 0xfefd;
  Cursor in{bytes};
  const auto type = in.u8("type");
  const auto version = in.u16be("version");
  in.skip(8, "epoch, sequence_number");
  const auto length = in.u16be("length");
  return in.ok() && type >= 20 && type <= 23 && (version == kDtls10 || version == kDtls12) &&
         length > 0 && length <= in.remaining();
}

}  // namespace

bool recognise_datagram(const Datagram& datagram) {
  return (datagram.destination.port == kGatewayPort || datagram.source.port == kGatewayPort) &&
         is_dtls(datagram.bytes);
}

void UdpSideChannel::on_datagram(const Datagram& datagram, Findings& out) {
  const bool from_client = datagram.destination.port == kGatewayPort;
  out.observe(datagram.at, from_client ? datagram.from : other(datagram.from),
              "infer.gateway.udp_3391",
              observation::GatewaySeen{.transport = observation::GatewaySeen::Transport::kUdp,
                                       .inferred = true});
  out.finish();
}

}  // namespace remora::gateway
