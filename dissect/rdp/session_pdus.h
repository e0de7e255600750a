#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"
#include "capture/base/flow_key.h"
#include "capture/base/frame.h"
#include "dissect/conversation/findings.h"
#include "dissect/keys/key_ring.h"
#include "dissect/observation/settings.h"
#include "dissect/rdp/input_activity.h"
#include "dissect/rdp/mcs.h"
#include "dissect/rdp/security/connection_security.h"
#include "dissect/rdp/security/sealed_data.h"
#include "dissect/rdp/security_header.h"
#include "dissect/rdp/share/share_control.h"
#include "dissect/rdp/share/share_data.h"
#include "dissect/rdp/static_channels.h"
#include "dissect/rdp/tpkt.h"

namespace remora::rdp {

/// What Send Data and fast-path PDUs carry, wherever it is in clear (protocols-rdp.md 3.1, 3.2):
/// licensing, client information, share control and share data PDUs of the I/O channel, chunks of
/// the static channels, how often keys and pointer are used. What is encrypted is opened where the
/// operator gave the server's key; else it is told as sealed, with its length.
///
/// State: the security that the server chose, how much was told of sealed PDUs, of graphics and of
/// input, the static channels.
class SessionPdus {
 public:
  /// LIMIT: sealed PDUs told per side; inference needs the first ones only.
  static constexpr std::uint32_t kMaxSealedTold = 32;
  /// LIMIT: how often the server's graphics are told; once after each of its channel messages.
  static constexpr std::uint32_t kMaxGraphicsTold = 64;

  /// `keys` outlives this.
  explicit SessionPdus(const keys::KeyRing& keys) : security_{keys} {}

  void set_client(const observation::ClientSettings& settings) { channels_.set_names(settings); }
  void set_security(const observation::ServerSettings& settings);
  [[nodiscard]] ConnectionSecurity& security() { return security_; }
  [[nodiscard]] const ConnectionSecurity& security() const { return security_; }
  void on_join(std::uint16_t channel_id, std::uint16_t initiator) {
    channels_.on_join(channel_id, initiator);
  }
  /// Something of a side is missing.
  void on_gap(Side from, Findings& out) { channels_.on_gap(from, out); }
  /// So many bytes of the side were not read as PDUs.
  void on_unread(Side from, std::uint64_t bytes);
  void on_end(Side from, Findings& out);
  void on_send_data(const SendData& pdu, Side from, Instant at, Findings& out);
  void on_fast_path(ByteView pdu, Side from, Instant at, Findings& out);

 private:
  void guess_security(const SendData& pdu);
  void tell_sealed(std::size_t bytes, SecurityFlags flags, Side from, Instant at, Findings& out);
  void on_message_channel(const SendData& pdu, Side from, Instant at, Findings& out);
  static void on_message(const SendData& pdu, ByteView data, SecurityFlags flags, Side from,
                         Instant at, Findings& out);
  void on_content(std::uint16_t channel_id, ByteView data, SecurityFlags flags, Side from,
                  Instant at, Findings& out);
  void on_fast_path_content(const FastPathHeader& header, ByteView content, Side from, Instant at,
                            Findings& out);
  [[nodiscard]] SealedData sealed_data_of(const SendData& pdu, const SecurityHeader& header,
                                          ByteView data) const;
  [[nodiscard]] std::optional<ByteView> open(const SealedData& sealed, Side from, Instant at,
                                             Findings& out);
  void on_secured(const SendData& pdu, Side from, Instant at, Findings& out);
  void on_sealed(const SendData& pdu, const SecurityHeader& header, std::size_t rest, Side from,
                 Instant at, Findings& out);
  void on_chunk(std::uint16_t channel_id, ByteView chunk, Side from, Instant at, Findings& out);
  void tell_graphics(Side from, Instant at, Findings& out);
  /// What comes on the channel is read.
  [[nodiscard]] bool is_known(std::uint16_t channel_id) const {
    return channel_id == io_channel_ || channel_id == message_channel_ || channels_.has(channel_id);
  }
  /// Whether anything that is read may be compressed with the history of the server's output.
  [[nodiscard]] bool wants_output() const { return !logon_told_ || channels_.may_be_compressed(); }
  void on_clear(ByteView data, SecurityFlags flags, Side from, Instant at, Findings& out);
  void on_share(ByteView data, Side from, Instant at, Findings& out);
  void on_share_control(const ShareControlPdu& pdu, Side from, Instant at, Findings& out);
  void on_share_data(const ShareDataPdu& pdu, Side from, Instant at, Findings& out);

  ConnectionSecurity security_;
  InputActivity activity_;
  std::uint16_t io_channel_{1003};  // [MS-RDPBCGR] 2.2.1.4.4: what Windows always uses
  std::optional<std::uint16_t> message_channel_;
  std::optional<bool> secured_;                 ///< a security header stands before every share PDU
  std::array<std::uint32_t, 2> sealed_told_{};  ///< by index_of(Side)
  StaticChannels channels_;
  std::optional<Side> server_;  ///< whose PDUs are indications, T.125 11.33
  std::uint32_t graphics_told_{0};
  bool logon_told_{false};
  bool graphics_due_{false};  ///< the server has sent something on a channel since
};

}  // namespace remora::rdp
