#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "dissect/conversation/context.h"
#include "dissect/conversation/dissector.h"
#include "dissect/ticket/body_watch.h"

namespace remora::ticket_file {

/// A connection whose bytes are one document a side. Left when no ticket can be in it.
class TicketFileDissector final : public Dissector {
 public:
  /// `context` outlives the dissector.
  explicit TicketFileDissector(const Context& context) : context_{&context} {}

  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;
  void on_end(Side from, Instant at, Findings& out) override;

 private:
  const Context* context_;
  std::array<std::optional<ticket::BodyWatch>, 2> bodies_;  ///< by index_of(Side)
};

}  // namespace remora::ticket_file
