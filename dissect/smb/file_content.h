#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "capture/base/bytes.h"
#include "capture/base/flow_key.h"
#include "capture/base/frame.h"
#include "dissect/conversation/context.h"
#include "dissect/conversation/findings.h"
#include "dissect/observation/ticket.h"
#include "dissect/ticket/body_watch.h"

namespace remora::smb {

/// What is read of a file, or written to it, in one open: pieces at offsets, put in order for the
/// ticket watch as long as the file can be a ticket.
///
///   first piece at 0 ─► begins as no ticket: nothing more is wanted
///                    └► does: pieces in order go to the watch, early ones wait
///
/// State: LIMIT kWindow bytes that came early, in kMaxPieces, and the watch.
class FileContent {
 public:
  static constexpr std::uint64_t kWindow = std::uint64_t{64} << 10U;
  static constexpr std::size_t kMaxPieces = 64;

  /// Whether a piece that begins there can matter.
  [[nodiscard]] bool wants(std::uint64_t offset) const;
  void on_piece(const observation::Carriage& carriage, const Context& context, Side from,
                std::uint64_t offset, ByteView bytes, Instant at, Findings& out);
  /// No more comes. `size` is that of the file, where it is known: a file that was not read to its
  /// end is not cut off.
  void on_end(Side from, std::optional<std::uint64_t> size, Instant at, Findings& out);

  /// Contiguous from the start.
  [[nodiscard]] std::uint64_t read_bytes() const { return next_; }
  /// Of the tickets found.
  [[nodiscard]] const std::vector<observation::Sha256>& keys() const { return keys_; }

 private:
  void keep_early(std::uint64_t offset, ByteView bytes);
  void deliver(Side from, ByteView bytes, Instant at, Findings& out);
  void deliver_early(Side from, Instant at, Findings& out);
  void stop();

  std::optional<ticket::BodyWatch> watch_;
  std::uint64_t next_{0};
  std::map<std::uint64_t, std::vector<std::byte>> early_;
  std::uint64_t early_bytes_{0};
  std::vector<observation::Sha256> keys_;
  bool over_{false};
};

}  // namespace remora::smb
