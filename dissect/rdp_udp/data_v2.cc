#include "dissect/rdp_udp/data_v2.h"

#include <algorithm>
#include <utility>

namespace remora::rdp_udp {
namespace {

constexpr std::size_t kPrefixAt = 7;
constexpr std::uint8_t kDummy = 8;

// 2.2.1.1.
constexpr std::uint16_t kAck = 0x001;
constexpr std::uint16_t kData = 0x004;
constexpr std::uint16_t kAckVector = 0x008;
constexpr std::uint16_t kAckOfAcks = 0x010;
constexpr std::uint16_t kOverheadSize = 0x040;
constexpr std::uint16_t kDelayAckInfo = 0x100;

/// 2.2.1.2.1.
void skip_ack(Cursor& in) {
  in.skip(2 + 3 + 1, "SeqNum, receivedTS, sendAckTimeGap");
  in.skip(in.u8("numDelayedAcks, delayAckTimeScale") & 0x0fU, "delayAckTimeAdditions");
}

/// 2.2.1.2.6.
void skip_ack_vector(Cursor& in) {
  in.skip(2, "BaseSeqNum");
  const auto size = in.u8("codedAckVecSize, TimeStampPresent");
  if ((size & 0x80U) != 0) { in.skip(3 + 1, "TimeStamp, SendAckTimeGapInMs"); }
  in.skip(size & 0x7fU, "codedAckVector");
}

}  // namespace

void unveil(ByteView datagram, std::vector<std::byte>& into) {
  into.clear();
  if (datagram.size() <= kPrefixAt) { return; }
  into.assign(datagram.begin(), datagram.end());
  std::swap(into[0], into[kPrefixAt]);
  const std::size_t short_length = to_u8(into[0]) >> 5U;
  // Zero is not told apart from seven by the text (2.2.1.3, 3.1.1.1.5.2).
  if (short_length > 0) { into.resize(into.size() - (kPrefixAt - short_length)); }
}

DataV2 read_data_v2(Cursor& in) {
  const auto prefix = in.u8("PacketPrefixByte");
  DataV2 data{
      .dummy = ((prefix >> 1U) & 0x0fU) == kDummy, .channel_sequence_number = {}, .payload = {}};
  if (data.dummy) { return data; }
  const auto flags = in.u16le("Header");
  if ((flags & kAck) != 0) { skip_ack(in); }
  if ((flags & kOverheadSize) != 0) { in.skip(1, "OverheadSize"); }
  if ((flags & kDelayAckInfo) != 0) { in.skip(3, "MaxDelayedAcks, DelayedAckTimeoutInMs"); }
  if ((flags & kAckOfAcks) != 0) { in.skip(2, "AckOfAcksSeqNum"); }
  if ((flags & kData) != 0) { in.skip(2, "DataSeqNum"); }
  if ((flags & kAckVector) != 0) { skip_ack_vector(in); }
  if ((flags & kData) != 0) {
    data.channel_sequence_number = in.u16le("ChannelSeqNum");
    data.payload = in.rest();
  }
  return data;
}

}  // namespace remora::rdp_udp
