// The datagrams of one UDP flow: no crash, bounded findings, and the same findings twice. Each
// datagram of the input has a header of two bytes, little-endian: bit 15 is the side, bit 14 puts
// the gateway's port in, the rest is the length; the last one may be shorter.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "dissect/conversation/datagram_conversation.h"
#include "dissect/conversation/recogniser.h"
#include "dissect/families.h"
#include "tests/fuzz/demand.h"
#include "tests/support/finding_equality.h"

namespace remora {

namespace fuzz {
namespace {

std::vector<Datagram> split(ByteView input) {
  constexpr Port kGatewayPort{3391};
  constexpr Port kOtherPort{50000};
  std::vector<Datagram> datagrams;
  while (input.size() >= 2) {
    const auto header = static_cast<std::uint32_t>(to_u8(input[0]) | (to_u8(input[1]) << 8U));
    input = input.subspan(2);
    Datagram datagram{};
    datagram.from = (header & 0x8000U) == 0 ? Side::kInitiator : Side::kAcceptor;
    auto& server = datagram.from == Side::kInitiator ? datagram.destination : datagram.source;
    server.port = (header & 0x4000U) == 0 ? kOtherPort : kGatewayPort;
    datagram.at.frame = FrameNumber{datagrams.size() + 1};
    datagram.bytes = input.first(std::min<std::size_t>(header & 0x3fffU, input.size()));
    input = input.subspan(datagram.bytes.size());
    datagrams.push_back(datagram);
  }
  return datagrams;
}

std::vector<Finding> findings(std::span<const Datagram> datagrams) {
  std::vector<Finding> found;
  std::unique_ptr<DatagramConversation> conversation;
  for (const auto& datagram : datagrams) {
    if (conversation == nullptr) {
      const auto* family = recognise_datagram(all_families(), datagram);
      if (family == nullptr || family->make_for_datagrams == nullptr) { continue; }
      conversation = std::make_unique<DatagramConversation>(all_families(), *family);
    }
    conversation->on_datagram(datagram, found);
  }
  return found;
}

}  // namespace
}  // namespace fuzz
}  // namespace remora

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto datagrams = remora::fuzz::split(std::as_bytes(std::span{data, size}));
  remora::fuzz::demand(
      std::ranges::equal(remora::fuzz::findings(datagrams), remora::fuzz::findings(datagrams)),
      "same datagrams, same findings");
  return 0;
}
