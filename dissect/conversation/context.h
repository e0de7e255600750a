#pragma once

#include "dissect/keys/key_ring.h"

namespace remora {

/// What the operator gave to all dissectors. Made before the first packet, shared by all threads;
/// outlives every engine, conversation and dissector that was given it. Read-only from then on, but
/// that keys may be added while nobody is at work (Conversation::on_keys).
struct Context {
  keys::KeyRing keys{};
  /// Search every TCP stream for the marks of tickets, also those that no family recognises.
  bool scan_streams{false};
  /// Open Easy Connect payloads with what travels in clear beside them (protocols-ra.md 6.1).
  bool open_easy_connect{false};
};

/// The context of one who gave nothing; lives as long as the program.
[[nodiscard]] inline const Context& nothing_given() {
  static const Context nothing;
  return nothing;
}

}  // namespace remora
