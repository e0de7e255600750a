#include "dissect/rdp_udp/ordered_payloads.h"

#include <utility>

namespace remora::rdp_udp {

void OrderedPayloads::add(std::uint32_t sequence, ByteView payload, std::vector<Piece>& out) {
  if (!begun_) { expect(sequence); }
  const auto modulus = std::uint64_t{1} << bits_;
  const auto ahead = (sequence - next_) % modulus;
  if (ahead >= modulus / 2) { return; }  // behind: it came before
  const auto [place, is_new] = early_.try_emplace(next_ + ahead, payload.begin(), payload.end());
  if (is_new) { early_bytes_ += place->second.size(); }
  give_out(out);
  while (!early_.empty() &&
         (early_.rbegin()->first - next_ > kMaxAhead || early_bytes_ > kMaxBytes)) {
    out.push_back({.bytes = {}, .hole = true});
    next_ = early_.begin()->first;
    give_out(out);
  }
}

/// All that follows without a hole.
void OrderedPayloads::give_out(std::vector<Piece>& out) {
  while (!early_.empty() && early_.begin()->first == next_) {
    early_bytes_ -= early_.begin()->second.size();
    out.push_back({.bytes = std::move(early_.begin()->second), .hole = false});
    early_.erase(early_.begin());
    ++next_;
  }
}

}  // namespace remora::rdp_udp
