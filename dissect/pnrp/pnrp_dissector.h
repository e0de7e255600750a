#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dissect/conversation/context.h"
#include "dissect/conversation/dissector.h"
#include "dissect/pnrp/message.h"

namespace remora::pnrp {

/// A PNRP flow: names that one node registers, answers for or revokes, as far as they may be those
/// of Remote Assistance.
///
/// State: AUTHORITY buffers that are coming in.
class PnrpDissector final : public DatagramDissector {
 public:
  static constexpr std::size_t kMaxBuffers = 4;  ///< LIMIT: at a time; the oldest goes first

  /// The context outlives the dissector.
  explicit PnrpDissector(const Context& context) : context_{&context} {}

  void on_datagram(const Datagram& datagram, Findings& out) override;

 private:
  struct Incoming {
    Side from{};
    std::uint32_t acked_id{0};
    std::vector<std::byte> bytes;
    std::vector<bool> pieces;  ///< by offset / 1188: what has come
  };

  static void on_lookup(const Message& message, const Datagram& datagram, Findings& out);
  static void on_flood(const Message& message, const Datagram& datagram, Findings& out);
  void on_authority(const Message& message, const Datagram& datagram, Findings& out);
  void on_buffer(ByteView buffer, const Datagram& datagram, Findings& out) const;

  const Context* context_;
  std::vector<Incoming> incoming_;
};

}  // namespace remora::pnrp
