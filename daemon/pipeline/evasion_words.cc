#include "daemon/pipeline/evasion_words.h"

#include <array>
#include <cstddef>

namespace remora::pipeline {
namespace {

/// In the order of capture::Evasion.
constexpr std::array kEvasionWords{
    EvasionWords{"tcp.overlap_conflict", "a segment repeats part of the stream with other bytes"},
    EvasionWords{"tcp.injected", "a conflicting segment came from another distance"},
    EvasionWords{"tcp.tiny_segments", "a long run of segments of at most 3 bytes"},
    EvasionWords{"tcp.urgent_data", "urgent data in a protocol that has none"},
    EvasionWords{"tcp.blind_reset", "an RST or FIN that its receiver did not believe"},
    EvasionWords{"tcp.changed_syn_ack", "two SYN-ACKs with different sequence numbers"},
    EvasionWords{"capture.time_backwards", "capture time went back by more than a second"},
    EvasionWords{"tcp.bad_checksum", "a segment whose checksum its receiver will refuse"},
    EvasionWords{"ip.fragment_conflict", "overlapping fragments with different bytes"},
    EvasionWords{"tcp.no_ack", "data or FIN without acknowledgement, which every receiver drops"},
    EvasionWords{"tcp.forged_syn", "a SYN on an established connection that nobody answered"},
    EvasionWords{"tcp.beyond_window", "data beyond what the receiver's window allows"},
    EvasionWords{"tcp.syn_payload", "data in a SYN that was not taken, and then was another"},
    EvasionWords{"tcp.bad_acknowledgement", "data that acknowledges what was never sent"},
};
static_assert(kEvasionWords.size() == capture::kEvasions);

}  // namespace

const EvasionWords& words_of(capture::Evasion kind) {
  return kEvasionWords.at(static_cast<std::size_t>(kind));
}

}  // namespace remora::pipeline
