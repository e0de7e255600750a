#include "dissect/gateway/family.h"

#include <memory>

#include "dissect/gateway/chunked_dissector.h"
#include "dissect/gateway/gateway_dissector.h"
#include "dissect/gateway/gateway_head.h"
#include "dissect/gateway/packets_dissector.h"
#include "dissect/gateway/udp_side_channel.h"
#include "dissect/gateway/virtual_desktop.h"
#include "dissect/gateway/websocket_dissector.h"

namespace remora::gateway {

Family family() {
  return {.protocol = kProtocol,
          .recognise = &recognise,
          .make = [](const Context&) -> std::unique_ptr<Dissector> {
            return std::make_unique<GatewayDissector>();
          },
          .recognise_datagram = &recognise_datagram,
          .make_for_datagrams = [](const Context&) -> std::unique_ptr<DatagramDissector> {
            return std::make_unique<UdpSideChannel>();
          }};
}

Family virtual_desktop_family() {
  return {.protocol = kVirtualDesktop,
          .recognise = &recognise_virtual_desktop,
          .make = [](const Context&) -> std::unique_ptr<Dissector> {
            return std::make_unique<VirtualDesktopDissector>();
          }};
}

Family websocket_family() {
  return {.protocol = kWebSocket, .make = [](const Context&) -> std::unique_ptr<Dissector> {
            return std::make_unique<WebSocketDissector>();
          }};
}

Family chunked_family() {
  return {.protocol = kChunked, .make = [](const Context&) -> std::unique_ptr<Dissector> {
            return std::make_unique<ChunkedDissector>();
          }};
}

Family packets_family() {
  return {.protocol = kPackets, .make = [](const Context&) -> std::unique_ptr<Dissector> {
            return std::make_unique<PacketsDissector>(true);
          }};
}

Family one_way_family() {
  return {.protocol = kOneWay, .make = [](const Context&) -> std::unique_ptr<Dissector> {
            return std::make_unique<PacketsDissector>(false);
          }};
}

}  // namespace remora::gateway
