#include "dissect/gateway/packets_dissector.h"

#include <algorithm>
#include <string>
#include <utility>

#include "dissect/observation/session_life.h"
#include "dissect/observation/transport.h"

namespace remora::gateway {

std::size_t PacketsDissector::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  auto& left = left_.at(index_of(from));
  if (left > 0) {
    const auto here = static_cast<std::size_t>(std::min<std::uint64_t>(left, bytes.size()));
    out.pass_on(from, bytes.first(here));
    left -= here;
    return here;
  }
  if (bytes.size() < kPacketHeaderBytes) { return 0; }
  const auto header = decode(bytes.first(kPacketHeaderBytes), read_packet_header);
  if (!header.has_value() || !header->is_plausible() || header->length > kMaxPacketBytes) {
    out.give_up(at, from, "gateway.packet",
                {.field = "HTTP_PACKET_HEADER", .offset = 0, .reason = "no packet of a gateway"});
    return 0;
  }
  return on_packet(*header, from, bytes, at, out);
}

std::size_t PacketsDissector::on_packet(const PacketHeader& header, Side from, ByteView bytes,
                                        Instant at, Findings& out) {
  if (header.type == PacketType::kData && both_ways_) {
    if (bytes.size() < kDataHeaderBytes) { return 0; }
    left_.at(index_of(from)) = header.length - kDataHeaderBytes;
    return kDataHeaderBytes;
  }
  const bool wanted = header.type == PacketType::kTunnelAuth ||
                      header.type == PacketType::kChannelCreate ||
                      header.type == PacketType::kCloseChannel;
  if (!wanted || header.length > kMaxReadBytes) {
    out.skip(header.length - kPacketHeaderBytes);
    return kPacketHeaderBytes;
  }
  if (bytes.size() < header.length) { return 0; }
  const auto body = bytes.first(header.length).subspan(kPacketHeaderBytes);
  if (header.type == PacketType::kCloseChannel) {
    read_close(from, body, at, out);
  } else {
    read(header, from, body, at, out);
  }
  return header.length;
}

void PacketsDissector::read(const PacketHeader& header, Side from, ByteView body, Instant at,
                            Findings& out) const {
  observation::GatewaySeen seen{.transport = both_ways_
                                                 ? observation::GatewaySeen::Transport::kWebSocket
                                                 : observation::GatewaySeen::Transport::kHttp};
  const auto* rule = "gateway.tunnel_auth";
  if (header.type == PacketType::kTunnelAuth) {
    if (auto machine = decode(body, read_tunnel_auth)) {
      seen.client_machine = std::move(*machine);
    } else {
      out.observe(at, from, rule, observation::Damage{.what = machine.error().to_text()});
      return;
    }
  } else {
    rule = "gateway.channel_create";
    if (auto channel = decode(body, read_channel_create)) {
      seen.target_name = std::move(channel->target);
      seen.target_port = channel->port;
    } else {
      out.observe(at, from, rule, observation::Damage{.what = channel.error().to_text()});
      return;
    }
  }
  out.observe(at, from, rule, std::move(seen));
}

/// Either may close the channel, 3.7.5.4; it is the end of the session inside.
void PacketsDissector::read_close(Side from, ByteView body, Instant at, Findings& out) {
  const auto* rule = "gateway.close_channel";
  const auto status = decode(body, read_close_channel);
  if (!status.has_value()) {
    out.observe(at, from, rule, observation::Damage{.what = status.error().to_text()});
    return;
  }
  out.observe(at, from, rule,
              observation::DisconnectAnnounced{
                  .reason = {.code = *status, .name = std::string{status_name(*status)}}});
}

void PacketsDissector::on_gap(Side from, std::uint64_t size, Instant /*at*/, Findings& out) {
  auto& left = left_.at(index_of(from));
  if (size > left) {
    out.finish();
    return;
  }
  left -= size;
  out.pass_on_gap(from, size);
}

}  // namespace remora::gateway
