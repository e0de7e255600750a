#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "dissect/assistance/file_channel.h"
#include "dissect/assistance/sealed_lengths.h"
#include "dissect/conversation/channel.h"
#include "dissect/conversation/dissector.h"

namespace remora::assistance {

/// Remote Assistance on the channels of one RDP session, static or dynamic, [MS-RA] 2.1: "remdesk"
/// carries messages for several channels that the header of each names; "RC_CTL", "70", "71" and
/// channels for files carry those of one, with such a header or without. "encomsp" is the
/// multiparty channel, [MS-RDPEMC] 2.1.
///
/// State: a message of each side of a channel that comes in several pieces, the files on their way.
class AssistanceDissector final : public ChannelDissector {
 public:
  /// LIMIT: channels whose pieces are put together, and file channels, of one session.
  static constexpr std::size_t kMaxChannels = 16;
  static constexpr std::size_t kMaxFileChannels = 8;

  void on_piece(const ChannelPiece& piece, Instant at, Findings& out) override;

 private:
  /// One side of a channel.
  struct Stream {
    std::string channel;
    Side from{};
    ChannelMessage message;
    std::string file;  ///< channel of the file whose block is coming in pieces; empty: none
  };

  [[nodiscard]] Stream* stream_of(const ChannelPiece& piece);
  void on_clear(const ChannelPiece& piece, Instant at, Findings& out);
  void on_large(Stream& stream, const ChannelPiece& piece, Instant at, Findings& out);
  void on_message(std::string_view channel, Side from, ByteView message, Instant at, Findings& out);
  void on_data(std::string_view channel, Side from, ByteView data, Instant at, Findings& out);
  void on_command(Side from, ByteView data, Instant at, Findings& out);
  void on_loss(const ChannelPiece& piece);
  [[nodiscard]] FileChannel& file_on(std::string_view channel);

  std::vector<Stream> streams_;
  std::vector<FileChannel> files_;
  SealedLengths sealed_control_{observation::SealedAssistance::Channel::kControl};
  SealedLengths sealed_participants_{observation::SealedAssistance::Channel::kParticipants};
};

/// Whether a channel of this name is one of Remote Assistance.
[[nodiscard]] bool reads_channel(std::string_view name);

}  // namespace remora::assistance
