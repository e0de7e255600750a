#include "dissect/rdp/bulk_histories.h"

#include <utility>

#include "capture/base/cursor.h"

namespace remora::rdp {
namespace {

/// A sender may keep the last bytes of its history free.
constexpr std::size_t kSlack = 256;

}  // namespace

void BulkHistories::begin() {
  sides_ = {};
  for (auto& side : sides_) { side.lost = false; }
}

void BulkHistories::lose(Side from) {
  auto& side = sides_.at(index_of(from));
  side.lost = true;
  if (side.shared != nullptr) { side.shared->lose(); }
  if (side.own != nullptr) { side.own->lose(); }
}

void BulkHistories::drop(Side from) {
  sides_.at(index_of(from)) = {};
}

Result<ByteView> BulkHistories::open(Carrier carrier, bulk::PacketFlags flags, ByteView packet,
                                     Side from) {
  if (!flags.concerns_history()) { return packet; }
  auto& side = sides_.at(index_of(from));
  if (side.shared == nullptr) {
    side.shared = std::make_unique<bulk::BulkDecompressor>();
    if (side.lost) { side.shared->lose(); }
  }
  if (!side.first.has_value()) { side.first = carrier; }
  const bool other = carrier != *side.first;
  if (other && flags.compressed() && !std::exchange(side.settled, true)) {
    // 3.1.8.2.1: AT_FRONT is set for want of room, or on the first packet of a history.
    const auto room = side.shared->room();
    if (room.has_value() && !flags.flushed() &&
        bulk::BulkDecompressor::begins_anew(packet, flags)) {
      auto own = std::make_unique<bulk::BulkDecompressor>();
      auto opened = own->decompress(packet, flags);
      if (opened.has_value() && opened->size() + kSlack <= *room) {
        side.own = std::move(own);
        return opened;
      }
    }
  }
  return (other && side.own != nullptr ? side.own : side.shared)->decompress(packet, flags);
}

void BulkHistories::open(ShareDataPdu& pdu, Side from) {
  const bulk::PacketFlags flags{pdu.compressed_type};
  const auto opened = open(Carrier::kOutput, flags, pdu.payload, from);
  if (!opened.has_value() || !pdu.is_compressed()) { return; }
  pdu.payload = *opened;
  pdu.compressed_type = 0;
}

void BulkHistories::on_fast_path_output(ByteView updates, Side from) {
  Cursor in{updates};
  while (!in.at_end()) {
    // FASTPATH_OUTPUT_COMPRESSION_USED
    const bool has_flags = (in.u8("updateHeader") & 0x80U) != 0;
    const bulk::PacketFlags flags{has_flags ? in.u8("compressionFlags") : std::uint8_t{0}};
    const auto data = in.bytes(in.u16le("size"), "updateData");
    if (in.ok()) { (void)open(Carrier::kOutput, flags, data, from); }
  }
  if (!in.ok()) { lose(from); }
}

std::size_t BulkHistories::memory() const {
  std::size_t memory = 0;
  for (const auto& side : sides_) {
    if (side.shared != nullptr) { memory += side.shared->memory(); }
    if (side.own != nullptr) { memory += side.own->memory(); }
  }
  return memory;
}

}  // namespace remora::rdp
