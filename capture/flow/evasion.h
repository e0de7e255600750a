#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "capture/base/frame.h"

namespace remora::capture {

/// What somebody may do on the wire so that an analyser reads other bytes than the receiver.
enum class Evasion : std::uint8_t {
  kOverlapConflict,     ///< a segment claims other bytes than those already read or held
  kInjected,            ///< such a segment came from another distance: TTL more than 4 hops off
  kTinySegments,        ///< a long run of segments of at most 3 bytes
  kUrgentData,          ///< URG with a pointer; the bytes stay in the stream
  kBlindReset,          ///< an RST or FIN that its receiver did not believe
  kChangedSynAck,       ///< a second SYN-ACK with another sequence number
  kTimeBackwards,       ///< the flow's capture time went back by more than a second
  kBadChecksum,         ///< noted from outside
  kFragmentConflict,    ///< noted from outside
  kNoAck,               ///< data or FIN without ACK; data is noted from outside
  kForgedSyn,           ///< a SYN on an established connection, which then went on
  kBeyondWindow,        ///< data where the receiver's window did not reach
  kSynPayload,          ///< data in a SYN that its receiver did not take, and that then was another
  kBadAcknowledgement,  ///< noted from outside: data that acknowledges what was never sent
};
inline constexpr std::size_t kEvasions = 14;

/// Which evasions a flow has shown, and when each was first seen. Each is told once.
class EvasionSet {
 public:
  struct Noted {
    Evasion kind{};
    Instant at;
  };

  /// Later sightings of the same kind change nothing.
  void note(Evasion kind, Instant at) {
    const auto index = static_cast<std::size_t>(kind);
    if (seen_.test(index)) { return; }
    seen_.set(index);
    first_.at(index) = at;
  }
  [[nodiscard]] bool has(Evasion kind) const { return seen_.test(static_cast<std::size_t>(kind)); }

  /// The next one that was not yet taken, in the order of the enumeration; empty when all were.
  [[nodiscard]] std::optional<Noted> take_unreported() {
    if (seen_ == reported_) { return std::nullopt; }
    for (std::size_t index = 0; index < kEvasions; ++index) {
      if (!seen_.test(index) || reported_.test(index)) { continue; }
      reported_.set(index);
      return Noted{.kind = static_cast<Evasion>(index), .at = first_.at(index)};
    }
    return std::nullopt;
  }

 private:
  std::bitset<kEvasions> seen_;
  std::bitset<kEvasions> reported_;
  std::array<Instant, kEvasions> first_{};
};

}  // namespace remora::capture
