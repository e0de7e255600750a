#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "dissect/bulk/rdp80.h"
#include "dissect/conversation/channel.h"
#include "dissect/conversation/dissector.h"
#include "dissect/dynamic_channels/pdu.h"

namespace remora::dynamic_channels {

/// The dynamic channels of a session, carried by its static channel "drdynvc"; [MS-RDPEDYC] 3.1.5:
///
///   asked for ── the client's consent, or data ──► open ── Close, or a refusal ──► gone
///
/// A message of the channel: Data alone, or Data First and then Data until its length is reached.
/// Pieces are passed on as they come. What is compressed is so with a history for each direction of
/// a channel, 3.1.5.1.3; where that is not known, or there are too many, it is lost until the next
/// message. Inside a multitransport connection come channels whose names were told elsewhere; what
/// they tunnel is known by its content where that is a drive or the clipboard, and else passed
/// over. Of the graphics channel, [MS-RDPEGFX], only that something is drawn is told.
///
/// State: LIMIT `kMaxChannels` channels, `kMaxHistories` histories of 8 KiB with as much for what
/// comes out of them, and a PDU of each side of "drdynvc".
class DynamicChannelsDissector final : public ChannelDissector {
 public:
  static constexpr std::size_t kMaxChannels = 256;
  static constexpr std::size_t kMaxNameBytes = 256;  ///< LIMIT
  static constexpr std::size_t kMaxHistories = 8;    ///< LIMIT
  /// LIMIT: pictures told, before it is one a second.
  static constexpr std::uint32_t kMaxPicturesAtOnce = 16;

  void on_piece(const ChannelPiece& piece, Instant at, Findings& out) override;

 private:
  struct Progress {
    bool in_message{false};
    std::uint32_t total{0};
    std::uint32_t offset{0};
    bool doubtful{false};  ///< something is missing: only Data First begins a message for certain
  };
  using History = std::unique_ptr<bulk::Rdp80>;
  struct Channel {
    std::string name;
    bool told{false};
    bool compression_told{false};
    bool moved{false};                 ///< to here from another connection, which has its history
    std::array<Progress, 2> sides;     ///< by index_of(Side)
    std::array<History, 2> histories;  ///< likewise; null: nothing was compressed yet
  };

  void on_pdu(const Pdu& pdu, Side from, Instant at, Findings& out);
  void on_soft_sync(const Pdu& pdu, Side from, Instant at, Findings& out) const;
  void on_create(const Pdu& pdu, Side from, Instant at, Findings& out);
  static void tell(Channel& channel, Side from, Instant at, Findings& out);
  [[nodiscard]] Channel* find(const Pdu& pdu, Side from);
  static void recognise(Channel& channel, const Pdu& pdu, Side from);
  static void on_data(Channel& channel, const Pdu& pdu, Side from, Findings& out);
  void on_compressed(Channel& channel, const Pdu& pdu, Side from, Instant at, Findings& out);
  [[nodiscard]] std::optional<ByteView> open(Channel& channel, ByteView data, Side from);
  void lose_histories(Side from);
  [[nodiscard]] std::size_t histories() const;
  static void lose(Channel& channel, Side from, Findings& out);
  void tell_picture(const Channel& channel, const Pdu& pdu, Side from, Instant at, Findings& out);

  std::map<std::uint32_t, Channel> channels_;
  std::array<ChannelMessage, 2> messages_;  ///< by index_of(Side)
  std::optional<Side> server_;              ///< who asks for channels
  bool in_tunnel_{false};
  std::uint32_t pictures_told_{0};
  Moment last_picture_;
};

}  // namespace remora::dynamic_channels
