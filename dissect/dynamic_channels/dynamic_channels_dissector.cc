#include "dissect/dynamic_channels/dynamic_channels_dissector.h"

#include <chrono>
#include <string_view>
#include <utility>

#include "capture/base/cursor.h"
#include "dissect/dynamic_channels/family.h"
#include "dissect/dynamic_channels/moved_channel.h"

namespace remora::dynamic_channels {
namespace {

/// DYNVC_CREATE_RSP holds a status and nothing else; DYNVC_CREATE_REQ a name with its terminator.
/// A name of three letters would have the same size: a status is zero, or has its sign bit set.
constexpr std::size_t kStatusBytes = 4;

constexpr std::string_view kGraphics{"Microsoft::Windows::RDS::Graphics"};

/// Whether a message on the graphics channel draws, [MS-RDPEGFX] 2.2.2 in 2.2.5. What is compressed
/// may be anything: but only pictures are so large.
bool is_drawing(ByteView message, std::size_t total) {
  constexpr std::uint8_t kSingle = 0xe0;
  constexpr std::uint8_t kCompressed = 0x20;
  constexpr std::size_t kLargestOther = 400;  // RDPGFX_RESET_GRAPHICS_PDU has 340 bytes
  Cursor in{message};
  const bool single = in.u8("descriptor") == kSingle;
  const bool compressed = (in.u8("header") & kCompressed) != 0;
  const auto command = in.u16le("cmdId");
  if (!in.ok()) { return false; }
  if (!single || compressed) { return total > kLargestOther; }
  switch (command) {
    case 0x0001:  // RDPGFX_CMDID_WIRETOSURFACE_1
    case 0x0002:  // RDPGFX_CMDID_WIRETOSURFACE_2
    case 0x0004:  // RDPGFX_CMDID_SOLIDFILL
      return true;
    default:
      return total > kLargestOther;
  }
}

bool is_response(ByteView data) {
  if (data.size() != kStatusBytes) { return false; }
  return (to_u8(data[0]) < 0x20 && to_u8(data[1]) == 0 && to_u8(data[2]) == 0 &&
          to_u8(data[3]) == 0) ||
         to_u8(data[3]) >= 0x80;
}

}  // namespace

void DynamicChannelsDissector::on_piece(const ChannelPiece& piece, Instant at, Findings& out) {
  if (piece.kind == ChannelPiece::Kind::kSealed) { return; }
  in_tunnel_ = piece.channel == kInTunnel.word;
  const auto message = messages_.at(index_of(piece.from)).on_piece(piece);
  if (piece.kind == ChannelPiece::Kind::kLost) {
    for (auto& [id, channel] : channels_) { lose(channel, piece.from, out); }
    lose_histories(piece.from);
    return;
  }
  if (message.empty()) {
    if (piece.is_last()) { lose_histories(piece.from); }  // too large to be put together
    return;
  }
  const auto pdu = decode(message, read_pdu);
  if (pdu.has_value()) {
    on_pdu(*pdu, piece.from, at, out);
  } else {
    lose_histories(piece.from);
    out.observe(at, piece.from, "drdynvc.pdu", observation::Damage{.what = pdu.error().to_text()});
  }
}

void DynamicChannelsDissector::on_pdu(const Pdu& pdu, Side from, Instant at, Findings& out) {
  if (pdu.command == Command::kCreate) {
    on_create(pdu, from, at, out);
    return;
  }
  if (pdu.command == Command::kSoftSyncRequest) {
    on_soft_sync(pdu, from, at, out);
    return;
  }
  auto* found = find(pdu, from);
  if (found == nullptr) { return; }
  auto& channel = *found;
  switch (pdu.command) {
    case Command::kDataFirst:
    case Command::kData:
      tell(channel, from, at, out);
      tell_picture(channel, pdu, from, at, out);
      // SPEC: whether what is not compressed becomes part of the history is not said.
      if (const auto& history = channel.histories.at(index_of(from))) { history->lose(); }
      on_data(channel, pdu, from, out);
      break;
    case Command::kDataFirstCompressed:
    case Command::kDataCompressed:
      tell(channel, from, at, out);
      on_compressed(channel, pdu, from, at, out);
      break;
    case Command::kClose:
      channels_.erase(pdu.channel_id);
      break;
    default:
      break;
  }
}

/// Null where nothing is known of the channel that the PDU is of.
DynamicChannelsDissector::Channel* DynamicChannelsDissector::find(const Pdu& pdu, Side from) {
  const bool data = pdu.command == Command::kDataFirst || pdu.command == Command::kData;
  auto place = channels_.find(pdu.channel_id);
  if (place == channels_.end()) {
    if (!in_tunnel_ || !data || channels_.size() >= kMaxChannels) { return nullptr; }
    place =
        channels_
            .emplace(pdu.channel_id,
                     Channel{.name = {}, .told = true, .moved = true, .sides = {}, .histories = {}})
            .first;
  }
  auto& channel = place->second;
  if (channel.name.empty() && data) { recognise(channel, pdu, from); }
  return &channel;
}

void DynamicChannelsDissector::recognise(Channel& channel, const Pdu& pdu, Side from) {
  const auto& side = channel.sides.at(index_of(from));
  const bool first = pdu.command == Command::kDataFirst;
  if (first || (!side.in_message && !side.doubtful)) {
    channel.name = name_by_content(pdu.data, first ? pdu.length : pdu.data.size());
  }
}

void DynamicChannelsDissector::on_create(const Pdu& pdu, Side from, Instant at, Findings& out) {
  const auto known = channels_.find(pdu.channel_id);
  if (known != channels_.end() && is_response(pdu.data)) {
    if (decode(pdu.data, read_creation_status).value_or(-1) >= 0) {
      tell(known->second, from, at, out);
    } else {
      channels_.erase(known);
    }
    return;
  }
  if (known == channels_.end() && channels_.size() >= kMaxChannels) { return; }
  if (pdu.data.size() > kMaxNameBytes) { return; }
  auto name = decode(pdu.data, read_channel_name).value_or(std::string{});
  if (name.empty()) { return; }
  server_ = from;
  channels_.insert_or_assign(pdu.channel_id,
                             Channel{.name = std::move(name), .sides = {}, .histories = {}});
}

/// 3.3.5.3.1. The client's answer changes nothing of it.
void DynamicChannelsDissector::on_soft_sync(const Pdu& pdu, Side from, Instant at,
                                            Findings& out) const {
  const auto lists = decode(pdu.data, read_soft_sync_request);
  if (!lists.has_value()) {
    out.observe(at, from, "drdynvc.pdu", observation::Damage{.what = lists.error().to_text()});
    return;
  }
  for (const auto& list : *lists) {
    const bool lossy = list.tunnel_type == SoftSyncList::kLossy;
    if (!lossy && list.tunnel_type != SoftSyncList::kReliable) { continue; }
    observation::ChannelsMoved moved{.lossy = lossy};
    for (const auto id : list.channel_ids) {
      const auto known = channels_.find(id);
      if (known != channels_.end()) { moved.channels.push_back(known->second.name); }
    }
    if (!moved.channels.empty()) { out.observe(at, from, "drdynvc.soft_sync", std::move(moved)); }
  }
}

void DynamicChannelsDissector::tell(Channel& channel, Side from, Instant at, Findings& out) {
  if (std::exchange(channel.told, true)) { return; }
  out.observe(at, from, "drdynvc.create", observation::DynamicChannelOpened{.name = channel.name});
}

void DynamicChannelsDissector::on_data(Channel& channel, const Pdu& pdu, Side from, Findings& out) {
  auto& side = channel.sides.at(index_of(from));
  const auto size = static_cast<std::uint32_t>(pdu.data.size());
  if (pdu.command == Command::kDataFirst || !side.in_message) {
    if (side.in_message) { lose(channel, from, out); }
    const bool first = pdu.command == Command::kDataFirst;
    side = {.in_message = true,
            .total = first ? pdu.length : size,
            .offset = 0,
            .doubtful = side.doubtful && !first};
  }
  if (size > side.total - side.offset) {
    lose(channel, from, out);
    return;
  }
  if (!channel.name.empty()) {
    out.pass_on(ChannelPiece{.channel = channel.name,
                             .from = from,
                             .bytes = pdu.data,
                             .offset = side.offset,
                             .total = side.total});
  }
  side.offset += size;
  if (side.offset == side.total) { side.in_message = false; }
}

/// Where a message begins that draws.
void DynamicChannelsDissector::tell_picture(const Channel& channel, const Pdu& pdu, Side from,
                                            Instant at, Findings& out) {
  if (server_ != from || channel.name != kGraphics) { return; }
  const bool first = pdu.command == Command::kDataFirst;
  if (!first && channel.sides.at(index_of(from)).in_message) { return; }
  if (!is_drawing(pdu.data, first ? pdu.length : pdu.data.size())) { return; }
  if (pictures_told_ >= kMaxPicturesAtOnce && at.time < last_picture_ + std::chrono::seconds{1}) {
    return;
  }
  ++pictures_told_;
  last_picture_ = at.time;
  out.observe(at, from, "drdynvc.graphics", observation::GraphicsSent{});
}

/// 3.1.5.2.5, 3.1.5.2.6: as what is not compressed, once it is opened.
void DynamicChannelsDissector::on_compressed(Channel& channel, const Pdu& pdu, Side from,
                                             Instant at, Findings& out) {
  if (const auto data = open(channel, pdu.data, from)) {
    const bool first = pdu.command == Command::kDataFirstCompressed;
    const Pdu opened{.command = first ? Command::kDataFirst : Command::kData,
                     .channel_id = pdu.channel_id,
                     .length = pdu.length,
                     .data = *data};
    tell_picture(channel, opened, from, at, out);
    on_data(channel, opened, from, out);
    return;
  }
  if (!channel.name.empty() && !std::exchange(channel.compression_told, true)) {
    out.observe(at, from, "drdynvc.compressed",
                observation::ChannelCompressed{.channel = channel.name});
  }
  lose(channel, from, out);
}

std::optional<ByteView> DynamicChannelsDissector::open(Channel& channel, ByteView data, Side from) {
  auto& history = channel.histories.at(index_of(from));
  if (history == nullptr) {
    if (channel.moved || histories() >= kMaxHistories) { return {}; }
    history = std::make_unique<bulk::Rdp80>(bulk::Rdp80::kLite);
  }
  std::optional<ByteView> opened;
  const auto wrong = history->decompress(data, [&](ByteView bytes) { opened = bytes; });
  // 2.2.3.3: in a single segment.
  const bool single = !data.empty() && to_u8(data.front()) == bulk::Rdp80::kSingle;
  if (wrong.has_value() || !single) { return {}; }
  return opened;
}

void DynamicChannelsDissector::lose_histories(Side from) {
  for (auto& [id, channel] : channels_) {
    if (const auto& history = channel.histories.at(index_of(from))) { history->lose(); }
  }
}

std::size_t DynamicChannelsDissector::histories() const {
  std::size_t count = 0;
  for (const auto& [id, channel] : channels_) {
    for (const auto& history : channel.histories) { count += history != nullptr ? 1U : 0U; }
  }
  return count;
}

void DynamicChannelsDissector::lose(Channel& channel, Side from, Findings& out) {
  channel.sides.at(index_of(from)) = {.doubtful = true};
  if (channel.name.empty()) { return; }
  out.pass_on(ChannelPiece{
      .channel = channel.name, .from = from, .kind = ChannelPiece::Kind::kLost, .bytes = {}});
}

}  // namespace remora::dynamic_channels
