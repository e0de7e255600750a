#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "capture/base/bytes.h"
#include "capture/base/flow_key.h"
#include "capture/base/result.h"
#include "dissect/bulk/bulk_decompressor.h"
#include "dissect/bulk/packet_flags.h"
#include "dissect/rdp/share/share_data.h"

namespace remora::rdp {

/// The bulk compression of a session, [MS-RDPBCGR] 3.1.8.
///
/// Each direction has one history, 3.1.8.1: fast-path output, slow-path output and chunks of
/// channels go through it in the order in which they are sent. So all of them have to be read for
/// the sake of one. SPEC: that channels share it is not said in so many words. Where the first
/// chunk goes to the front although there is room behind the history of the output, or the first
/// output so behind that of the channels, each has a history of its own.
///
/// State: LIMIT two decompressors a direction, as long as they are of use.
class BulkHistories {
 public:
  enum class Carrier : std::uint8_t { kOutput, kChannels };

  /// The session's beginning was seen: nothing was compressed before.
  void begin();
  /// What a packet holds, valid until the next of its side.
  [[nodiscard]] Result<ByteView> open(Carrier carrier, bulk::PacketFlags flags, ByteView packet,
                                      Side from);
  /// Puts what a compressed PDU holds in its place; leaves it as it is where that is not known.
  void open(ShareDataPdu& pdu, Side from);
  /// The updates of a fast-path output PDU, 2.2.9.1.2.1: for what they leave in the history.
  void on_fast_path_output(ByteView updates, Side from);
  /// Something of the side was not read.
  void lose(Side from);
  /// Nothing of the side is of interest: gives its memory back.
  void drop(Side from);

  /// Bytes of memory held.
  [[nodiscard]] std::size_t memory() const;

 private:
  struct OneSide {
    std::unique_ptr<bulk::BulkDecompressor> shared;
    std::unique_ptr<bulk::BulkDecompressor> own;  ///< of the other carrier than `first`
    std::optional<Carrier> first;                 ///< who used it before the other
    bool settled{false};                          ///< whether both share it
    bool lost{true};                              ///< before the first compressed packet
  };

  std::array<OneSide, 2> sides_;  ///< by index_of(Side)
};

}  // namespace remora::rdp
