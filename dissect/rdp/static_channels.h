#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"
#include "capture/base/flow_key.h"
#include "capture/base/frame.h"
#include "dissect/conversation/findings.h"
#include "dissect/observation/settings.h"
#include "dissect/rdp/bulk_histories.h"
#include "dissect/rdp/flags.h"

namespace remora::rdp {

/// CHANNEL_PDU_HEADER.flags, [MS-RDPBCGR] 2.2.6.1.1.
enum class ChannelFlag : std::uint32_t {
  kFirst = 0x00000001,
  kLast = 0x00000002,
  kShowProtocol = 0x00000010,
  kSuspend = 0x00000020,
  kResume = 0x00000040,
  kShadowPersistent = 0x00000080,
  kCompressed = 0x00200000,
  kAtFront = 0x00400000,
  kFlushed = 0x00800000,
};
using ChannelFlags = Flags<ChannelFlag>;

/// CHANNEL_PDU_HEADER, 2.2.6.1.1.
struct ChannelPduHeader {
  std::uint32_t length{0};  ///< of the whole message, before compression
  ChannelFlags flags;
};

[[nodiscard]] ChannelPduHeader read_channel_pdu_header(Cursor& in);

/// The static virtual channels of a connection: which MCS channel is which, and where each side is
/// in its message, 3.1.5.2.2. Chunks are passed on as they come; nothing of them is kept.
///
///   between messages ── FIRST ──► in a message ── LAST, or its length reached ──► between messages
///   in a message ── another length, too much, not to be decompressed, a hole ──► lost until the
///   next FIRST
///
/// State: LIMIT as many channels as the settings of either side can list; the histories of the bulk
/// compression.
class StaticChannels {
 public:
  void set_names(const observation::ClientSettings& settings);
  /// Numbers them in the order of their names, 2.2.1.4.4.
  void set_ids(const observation::ServerSettings& settings);
  /// The client joins a channel, 2.2.1.8; tells the numbers where the server's settings were not
  /// captured.
  void on_join(std::uint16_t channel_id, std::uint16_t initiator);

  [[nodiscard]] bool has(std::uint16_t channel_id) const;
  /// The client asked for compression on a channel.
  [[nodiscard]] bool may_be_compressed() const;
  /// Of chunks and of output.
  [[nodiscard]] BulkHistories& histories() { return histories_; }

  /// A chunk in clear, its header included, on a channel that `has`.
  void on_chunk(std::uint16_t channel_id, ByteView chunk, Side from, Instant at, Findings& out);
  /// An encrypted chunk of so many bytes, its header left out.
  void on_sealed(std::uint16_t channel_id, std::uint32_t bytes, Side from, Findings& out);
  /// Bytes of that side are missing.
  void on_gap(Side from, Findings& out);

 private:
  struct Progress {
    bool used{false};  ///< something was passed on
    bool in_message{false};
    std::uint32_t total{0};
    std::uint32_t offset{0};
  };
  struct Channel {
    std::string name;
    std::uint32_t options{0};
    std::uint16_t id{0};  ///< 0: not known
    bool compression_told{false};
    std::array<Progress, 2> sides;  ///< by index_of(Side)
  };

  [[nodiscard]] Channel* find(std::uint16_t channel_id);
  [[nodiscard]] std::optional<ByteView> open(Channel& channel, const ChannelPduHeader& header,
                                             ByteView data, Side from, Instant at, Findings& out);
  [[nodiscard]] static bool begin(Channel& channel, const ChannelPduHeader& header,
                                  std::size_t chunk_bytes, Side from, Findings& out);
  static void lose(const Channel& channel, Side from, Findings& out);

  std::vector<Channel> channels_;
  BulkHistories histories_;
  std::vector<std::uint16_t> joined_;  ///< until the server's numbers are known
  bool numbered_{false};
};

}  // namespace remora::rdp
