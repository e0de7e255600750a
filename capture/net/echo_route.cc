#include "capture/net/echo_route.h"

#include <algorithm>

#include "capture/base/fixed_view.h"
#include "capture/net/icmp.h"

namespace remora::capture {
namespace {

constexpr std::uint8_t kEchoReply = 0;
constexpr std::uint8_t kEcho = 8;

}  // namespace

std::optional<EchoRoute> read_echo_route(const IpHeader& ip) {
  if (ip.options.empty() || ip.protocol != kProtocolIcmp) { return std::nullopt; }
  const auto header = FixedView<1>::of(ip.payload);
  if (!header.has_value()) { return std::nullopt; }
  const auto type = header->u8<0>();
  if (type != kEcho && type != kEchoReply) { return std::nullopt; }
  const auto route = recorded_route(ip.options);
  const auto hops = route.hops();
  if (hops.empty()) { return std::nullopt; }

  if (type == kEcho) {
    return EchoRoute{.requester = ip.source, .replier = ip.destination, .forth = route, .back = {}};
  }
  EchoRoute reply{
      .requester = ip.destination, .replier = ip.source, .forth = {}, .back = {}, .is_reply = true};
  const auto turn = std::ranges::find(hops, reply.replier, &RecordedHop::address);
  if (turn == hops.end()) { return std::nullopt; }
  for (auto hop = hops.begin(); hop != turn; ++hop) { reply.forth.add(*hop); }
  for (auto hop = turn; hop != hops.end(); ++hop) {
    if (hop->address != reply.replier) { reply.back.add(*hop); }
  }
  return reply;
}

}  // namespace remora::capture
