#include "dissect/assistance/assistance_dissector.h"

#include <algorithm>
#include <utility>

#include "capture/base/cursor.h"
#include "dissect/assistance/channel_header.h"
#include "dissect/assistance/command.h"
#include "dissect/assistance/control_message.h"
#include "dissect/assistance/order.h"
#include "dissect/encoding/utf16.h"

namespace remora::assistance {
namespace {

constexpr std::string_view kCombined{"remdesk"};
constexpr std::string_view kControl{"RC_CTL"};
constexpr std::string_view kChat{"70"};
constexpr std::string_view kCommands{"71"};
constexpr std::string_view kParticipants{"encomsp"};

/// LIMIT: orders in one message.
constexpr int kMaxOrders = 64;

/// What a message of `total` bytes that begins with `start` holds, and for whom.
struct Addressed {
  std::string channel;
  std::size_t data_at{0};
  std::size_t data_bytes{0};
};

/// By its header; where it has none, for the channel that it came on.
std::optional<Addressed> address_of(std::string_view channel, ByteView start, std::size_t total) {
  Cursor in{start.first(std::min<std::size_t>(start.size(), kMaxPacketHeaderBytes))};
  auto header = read_packet_header(in);
  const auto at = in.offset();
  const bool fits = in.ok() && header.data_bytes == total - at && reads_channel(header.channel);
  const bool combined = channel == kCombined;
  if (fits && (combined || header.channel == channel)) {
    return Addressed{
        .channel = std::move(header.channel), .data_at = at, .data_bytes = header.data_bytes};
  }
  if (combined) { return std::nullopt; }
  return Addressed{.channel = std::string{channel}, .data_at = 0, .data_bytes = total};
}

/// Reads with `read` and tells it, or the damage.
template <typename Reader>
void tell(ByteView data, Reader read, const char* rule, Side from, Instant at, Findings& out) {
  auto result = decode(data, read);
  if (result.has_value()) {
    out.observe(at, from, rule, std::move(*result));
  } else {
    out.observe(at, from, rule, observation::Damage{.what = result.error().to_text()});
  }
}

void on_order(const Order& order, Side from, Instant at, Findings& out) {
  switch (order.type) {
    case OrderType::kParticipantCreated:
      tell(order.body, read_participant_created, "encomsp.participant_created", from, at, out);
      break;
    case OrderType::kParticipantRemoved:
      tell(order.body, read_participant_removed, "encomsp.participant_removed", from, at, out);
      break;
    case OrderType::kParticipantCtrlChange:
      tell(order.body, read_control_change, "encomsp.control_change", from, at, out);
      break;
    case OrderType::kParticipantCtrlChangeResponse:
      tell(order.body, read_control_change_response, "encomsp.control_change_response", from, at,
           out);
      break;
    case OrderType::kGraphicsStreamPaused:
      out.observe(at, from, "encomsp.graphics_paused", observation::PicturePaused{.paused = true});
      break;
    case OrderType::kGraphicsStreamResumed:
      out.observe(at, from, "encomsp.graphics_resumed",
                  observation::PicturePaused{.paused = false});
      break;
    default:  // applications and windows; 3.1.5.1: unknown types are passed over
      break;
  }
}

void on_orders(Side from, ByteView message, Instant at, Findings& out) {
  Cursor in{message};
  for (int count = 0; count < kMaxOrders && in.ok() && !in.at_end(); ++count) {
    const auto order = read_order(in);
    if (in.ok()) { on_order(order, from, at, out); }
  }
  if (!in.ok()) {
    out.observe(at, from, "encomsp.order", observation::Damage{.what = in.error().to_text()});
  }
}

}  // namespace

bool reads_channel(std::string_view name) {
  return name == kCombined || name == kParticipants || name == kControl || name == kChat ||
         name == kCommands || is_file_channel(name);
}

void AssistanceDissector::on_piece(const ChannelPiece& piece, Instant at, Findings& out) {
  switch (piece.kind) {
    case ChannelPiece::Kind::kClear:
      on_clear(piece, at, out);
      break;
    case ChannelPiece::Kind::kSealed:
      if (piece.channel == kCombined) {
        sealed_control_.on_chunk(piece.from, piece.total, piece.compressible, at, out);
      } else if (piece.channel == kParticipants) {
        sealed_participants_.on_chunk(piece.from, piece.total, piece.compressible, at, out);
      }
      break;
    case ChannelPiece::Kind::kLost:
      on_loss(piece);
      break;
  }
}

AssistanceDissector::Stream* AssistanceDissector::stream_of(const ChannelPiece& piece) {
  const auto known = std::ranges::find_if(streams_, [&](const Stream& stream) {
    return stream.from == piece.from && stream.channel == piece.channel;
  });
  if (known != streams_.end()) { return &*known; }
  if (streams_.size() >= 2 * kMaxChannels) { return nullptr; }
  streams_.push_back(
      {.channel = std::string{piece.channel}, .from = piece.from, .message = {}, .file = {}});
  return &streams_.back();
}

void AssistanceDissector::on_clear(const ChannelPiece& piece, Instant at, Findings& out) {
  auto* stream = stream_of(piece);
  if (stream == nullptr) { return; }
  if (piece.total > ChannelMessage::kMaxMessage) {
    on_large(*stream, piece, at, out);
    return;
  }
  const auto message = stream->message.on_piece(piece);
  if (message.empty()) { return; }
  if (piece.channel == kParticipants) {
    on_orders(piece.from, message, at, out);
  } else {
    on_message(piece.channel, piece.from, message, at, out);
  }
}

/// Only blocks of files are so large that they are read as they come, and long chat messages.
void AssistanceDissector::on_large(Stream& stream, const ChannelPiece& piece, Instant at,
                                   Findings& out) {
  auto data = piece.bytes;
  if (piece.offset == 0) {
    stream.file.clear();
    const auto addressed = address_of(piece.channel, data, piece.total);
    if (!addressed.has_value()) { return; }
    if (is_file_channel(addressed->channel)) {
      stream.file = addressed->channel;
      data = data.subspan(addressed->data_at);
    } else if (addressed->channel == kChat) {
      out.observe(at, piece.from, "assistance.chat", observation::ChatSeen{});
    }
  }
  if (stream.file.empty()) { return; }
  file_on(stream.file).on_block(piece.from, data, piece.is_last(), at, out);
  if (piece.is_last()) { stream.file.clear(); }
}

void AssistanceDissector::on_message(std::string_view channel, Side from, ByteView message,
                                     Instant at, Findings& out) {
  const auto addressed = address_of(channel, message, message.size());
  if (!addressed.has_value()) {
    out.observe(at, from, "assistance.header",
                observation::Damage{.what = "header at 0: names no channel, or another length"});
    return;
  }
  on_data(addressed->channel, from, message.subspan(addressed->data_at, addressed->data_bytes), at,
          out);
}

void AssistanceDissector::on_data(std::string_view channel, Side from, ByteView data, Instant at,
                                  Findings& out) {
  if (channel == kControl || channel == kCombined) {
    auto message = decode(data, read_control_message);
    if (message.has_value()) {
      const auto* const rule = rule_of(message->kind);
      out.observe(at, from, rule, std::move(*message));
    } else {
      out.observe(at, from, "assistance.message",
                  observation::Damage{.what = message.error().to_text()});
    }
  } else if (channel == kChat) {
    out.observe(at, from, "assistance.chat", observation::ChatSeen{});
  } else if (channel == kCommands) {
    on_command(from, data, at, out);
  } else {
    file_on(channel).on_message(from, data, at, out);
  }
}

void AssistanceDissector::on_command(Side from, ByteView data, Instant at, Findings& out) {
  auto command = to_command(encoding::utf16le_to_utf8(data));
  if (!command.has_value()) {
    out.observe(at, from, "assistance.command",
                observation::Damage{.what = "RCCOMMAND at 0: not such an element"});
    return;
  }
  if (command->kind == observation::AssistanceCommand::Kind::kFileOffered &&
      is_file_channel(command->channel)) {
    file_on(command->channel).on_offer(from, command->file_size);
  }
  out.observe(at, from, "assistance.command", std::move(*command));
}

/// The file channel of that name. Of too many the one that is over, or else the oldest, goes.
FileChannel& AssistanceDissector::file_on(std::string_view channel) {
  const auto known = std::ranges::find(files_, channel, &FileChannel::name);
  if (known != files_.end()) { return *known; }
  if (files_.size() >= kMaxFileChannels) {
    const auto done = std::ranges::find_if(files_, &FileChannel::over);
    files_.erase(done == files_.end() ? files_.begin() : done);
  }
  return files_.emplace_back(std::string{channel});
}

void AssistanceDissector::on_loss(const ChannelPiece& piece) {
  const auto stream = std::ranges::find_if(streams_, [&](const Stream& known) {
    return known.from == piece.from && known.channel == piece.channel;
  });
  if (stream != streams_.end()) {
    (void)stream->message.on_piece(piece);
    stream->file.clear();
  }
  for (auto& file : files_) {
    if (piece.channel == kCombined || piece.channel == file.name()) { file.on_loss(piece.from); }
  }
  if (piece.channel == kCombined) { sealed_control_.on_loss(piece.from); }
  if (piece.channel == kParticipants) { sealed_participants_.on_loss(piece.from); }
}

}  // namespace remora::assistance
