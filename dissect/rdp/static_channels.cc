#include "dissect/rdp/static_channels.h"

#include <algorithm>

namespace remora::rdp {
namespace {

// CHANNEL_OPTION_COMPRESS_RDP and CHANNEL_OPTION_COMPRESS, 2.2.1.3.4.1.
constexpr std::uint32_t kCompressOptions = 0x00800000 | 0x00400000;

/// The I/O channel, which the client joins before the static ones.
constexpr std::uint16_t kUsualIoChannel = 1003;

}  // namespace

ChannelPduHeader read_channel_pdu_header(Cursor& in) {
  return {.length = in.u32le("length"), .flags = ChannelFlags{in.u32le("flags")}};
}

void StaticChannels::set_names(const observation::ClientSettings& settings) {
  channels_.clear();
  numbered_ = false;
  histories_.begin();
  for (const auto& asked : settings.channels) {
    channels_.push_back({.name = asked.name, .options = asked.options, .sides = {}});
  }
}

void StaticChannels::set_ids(const observation::ServerSettings& settings) {
  const auto count = std::min(settings.channel_ids.size(), channels_.size());
  for (std::size_t at = 0; at < count; ++at) { channels_[at].id = settings.channel_ids[at]; }
  numbered_ = count > 0;
}

void StaticChannels::on_join(std::uint16_t channel_id, std::uint16_t initiator) {
  if (numbered_ || channel_id == initiator || channel_id == kUsualIoChannel ||
      joined_.size() >= channels_.size()) {
    return;
  }
  joined_.push_back(channel_id);
  if (joined_.size() < channels_.size()) { return; }
  for (std::size_t at = 0; at < joined_.size(); ++at) { channels_[at].id = joined_[at]; }
}

StaticChannels::Channel* StaticChannels::find(std::uint16_t channel_id) {
  const auto channel = std::ranges::find(channels_, channel_id, &Channel::id);
  return channel == channels_.end() || channel_id == 0 ? nullptr : &*channel;
}

bool StaticChannels::has(std::uint16_t channel_id) const {
  return channel_id != 0 &&
         std::ranges::find(channels_, channel_id, &Channel::id) != channels_.end();
}

bool StaticChannels::may_be_compressed() const {
  return std::ranges::any_of(
      channels_, [](const Channel& channel) { return (channel.options & kCompressOptions) != 0; });
}

void StaticChannels::on_chunk(std::uint16_t channel_id, ByteView chunk, Side from, Instant at,
                              Findings& out) {
  auto* channel = find(channel_id);
  if (channel == nullptr) { return; }
  auto& side = channel->sides.at(index_of(from));
  Cursor in{chunk};
  const auto header = read_channel_pdu_header(in);
  const auto chunk_data = in.rest();
  if (!in.ok()) {
    histories_.lose(from);
    out.observe(at, from, "channel.header", observation::Damage{.what = in.error().to_text()});
    return;
  }
  const auto opened = open(*channel, header, chunk_data, from, at, out);
  if (!opened.has_value()) { return; }
  const auto data = *opened;
  if (data.empty()) { return; }  // CHANNEL_FLAG_SUSPEND, CHANNEL_FLAG_RESUME
  const bool begun = begin(*channel, header, data.size(), from, out);
  if (!side.in_message) { return; }
  const bool another = !begun && header.length != side.total;
  if (another || data.size() > side.total - side.offset) {
    side.in_message = false;
    lose(*channel, from, out);
    return;
  }
  out.pass_on({.channel = channel->name,
               .from = from,
               .bytes = data,
               .offset = side.offset,
               .total = side.total});
  side.offset += static_cast<std::uint32_t>(data.size());
  const bool complete = side.offset == side.total;
  if (!complete && header.flags.has(ChannelFlag::kLast)) { lose(*channel, from, out); }
  if (complete || header.flags.has(ChannelFlag::kLast)) { side.in_message = false; }
}

/// What the chunk holds. Each is compressed for itself, 3.1.5.2.1.
std::optional<ByteView> StaticChannels::open(Channel& channel, const ChannelPduHeader& header,
                                             ByteView data, Side from, Instant at, Findings& out) {
  auto opened = histories_.open(BulkHistories::Carrier::kChannels,
                                bulk::PacketFlags::of_channel(header.flags.raw()), data, from);
  if (!header.flags.has(ChannelFlag::kCompressed)) { return data; }
  const bool whole = header.flags.has(ChannelFlag::kFirst) && header.flags.has(ChannelFlag::kLast);
  if (opened.has_value() && (!whole || opened->size() == header.length)) { return *opened; }
  histories_.lose(from);
  if (!channel.compression_told) {
    channel.compression_told = true;
    out.observe(at, from, "channel.compressed",
                observation::ChannelCompressed{.channel = channel.name});
  }
  channel.sides.at(index_of(from)) = {.used = true};
  lose(channel, from, out);
  return {};
}

/// True where a message begins with this chunk.
bool StaticChannels::begin(Channel& channel, const ChannelPduHeader& header,
                           std::size_t chunk_bytes, Side from, Findings& out) {
  auto& side = channel.sides.at(index_of(from));
  const bool first = header.flags.has(ChannelFlag::kFirst);
  // SPEC: 3.1.5.2.2 lets a lone chunk leave both flags out.
  const bool alone = !side.in_message && header.length == chunk_bytes;
  if (!first && !alone) { return false; }
  if (side.in_message) { lose(channel, from, out); }
  // Of a message in one chunk the chunk itself tells the size.
  const bool whole = first && header.flags.has(ChannelFlag::kLast);
  side = {.used = true,
          .in_message = true,
          .total = whole ? static_cast<std::uint32_t>(chunk_bytes) : header.length,
          .offset = 0};
  return true;
}

void StaticChannels::on_sealed(std::uint16_t channel_id, std::uint32_t bytes, Side from,
                               Findings& out) {
  const auto* channel = find(channel_id);
  if (channel == nullptr) { return; }
  histories_.lose(from);
  out.pass_on({.channel = channel->name,
               .from = from,
               .kind = ChannelPiece::Kind::kSealed,
               .bytes = {},
               .offset = 0,
               .total = bytes,
               .compressible = (channel->options & kCompressOptions) != 0});
}

void StaticChannels::on_gap(Side from, Findings& out) {
  histories_.lose(from);
  for (auto& channel : channels_) {
    auto& side = channel.sides.at(index_of(from));
    if (!side.used) { continue; }
    side.in_message = false;
    lose(channel, from, out);
  }
}

void StaticChannels::lose(const Channel& channel, Side from, Findings& out) {
  out.pass_on({.channel = channel.name, .from = from, .kind = ChannelPiece::Kind::kLost});
}

}  // namespace remora::rdp
