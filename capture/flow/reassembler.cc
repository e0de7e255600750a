#include "capture/flow/reassembler.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace remora::capture {
namespace {

/// LIMIT: how far ahead of the expected byte a segment may lie. The largest window that RFC 7323
/// allows is 1 GiB; real peers stay far below this.
constexpr std::int64_t kReach = 64LL << 20;
/// Segments one behind the other that prove where a stream goes on.
constexpr int kRun = 4;
constexpr std::size_t kFairParts = 64;
/// RFC 5961 3.2 has receivers believe an RST at the expected number alone, RFC 9293 anywhere in the
/// window. What stacks advertise at most without being told to.
constexpr std::int64_t kLargestWindow = 16LL << 20;
/// What a receiver may always take: as much as a window without scale says (RFC 9293 3.1).
constexpr std::uint32_t kLeastWindow = 64U << 10;

/// A capture may show an acknowledgement a little before the data that it confirms. A hole counts
/// as lost once so many more segments or so much time have passed.
constexpr std::size_t kPatiencePackets = 16;
constexpr Nanoseconds kPatience = std::chrono::seconds{1};
/// Longer than senders mostly wait before they repeat a segment (RFC 6298).
constexpr Nanoseconds kPatienceAlone = std::chrono::seconds{10};
/// A peer that lets data come for so long without a word is not captured any more: receivers
/// acknowledge within half a second (RFC 9293 3.8.6.3), and what they cannot use at once.
constexpr Nanoseconds kPeerSilence = std::chrono::minutes{1};

/// Distance from `from` to `to` in sequence space, RFC 9293 3.4.
std::int64_t distance(std::uint32_t from, std::uint32_t to) {
  return static_cast<std::int32_t>(to - from);
}

}  // namespace

Reassembler::~Reassembler() {
  held_->now -= held_here_;
  held_->overhead -= waiting_count() * kHeldCost + delivered_.memory_bytes();
}

void Reassembler::begin(std::uint32_t sequence) {
  expected_ = sequence + 1;
  begun_ = true;
}

bool Reassembler::plausible(std::uint32_t sequence) const {
  if (!begun_) { return true; }
  const auto ahead = distance(expected_, sequence);
  return ahead > -kReach && ahead < kReach;
}

void Reassembler::expect_acknowledgements(Moment now) {
  peer_acknowledges_ = true;
  heard_ = now;
  window_end_ = std::max<std::uint64_t>(window_end_, offset_ + kLeastWindow);
}

/// Within the largest window in use, or, where the capture has lost packets, wherever it is
/// plausible.
bool Reassembler::may_end_at(std::uint32_t sequence) const {
  if (gap_bytes_ > 0 || waiting_count() > 0) { return plausible(sequence); }
  const auto ahead = distance(expected_, sequence);
  return ahead >= -kLargestWindow && ahead <= kLargestWindow;
}

Reassembler::EndPlace Reassembler::place_of_end(std::uint32_t sequence) const {
  if (!begun_) { return EndPlace::kExpected; }
  if (!may_end_at(sequence)) { return EndPlace::kImpossible; }
  const auto place = static_cast<std::int64_t>(offset_) + distance(expected_, sequence);
  const auto read = static_cast<std::int64_t>(offset_);
  const auto acknowledged = static_cast<std::int64_t>(acknowledged_);
  if (!peer_acknowledges_ || place == read || place == acknowledged) { return EndPlace::kExpected; }
  // The acknowledgement of a FIN is one beyond it.
  return place < std::max(read, acknowledged - 1) ? EndPlace::kBehind : EndPlace::kAhead;
}

bool Reassembler::peer_is_heard(Moment now) const {
  return peer_acknowledges_ && (unanswered_ <= kPatiencePackets || now - heard_ <= kPeerSilence);
}

/// Ahead of what is expected, where the peer would not take it. Where data came in order beyond the
/// window its acknowledgements are missing.
bool Reassembler::is_beyond_window(std::int64_t ahead, Moment now) const {
  const auto start = offset_ + static_cast<std::uint64_t>(ahead);
  const auto end = window_end_ >= offset_ ? window_end_ : offset_ + std::max(window_, kLeastWindow);
  return start >= end && peer_is_heard(now);
}

Reassembler::Arrival Reassembler::add(std::uint32_t sequence, ByteView payload,
                                      std::uint32_t missing, Instant at) {
  if (!begun_) {
    expected_ = sequence;
    begun_ = true;
  }
  if (!plausible(sequence) && !goes_on_at(sequence, payload.size() + missing)) {
    return Arrival::kOutsideWindow;
  }
  const auto ahead = distance(expected_, sequence);
  const auto length = static_cast<std::int64_t>(payload.size()) + missing;
  if (ahead > 0) {
    ++unanswered_;
    if (is_beyond_window(ahead, at.time)) {
      // LIMIT: one such segment waits for the peer's word.
      if (beyond_at_.frame == FrameNumber{}) {
        beyond_ = offset_ + static_cast<std::uint64_t>(ahead);
        beyond_at_ = at;
      }
      return Arrival::kOutsideWindow;
    }
  }
  look_for_evasion(ahead, payload, at);
  if (ahead + length <= 0) { return Arrival::kRetransmission; }
  if (waiting_count() > 0) { ++packets_since_hole_; }
  if (ahead > 0) {
    const auto before = held_here_;
    hold(offset_ + static_cast<std::uint64_t>(ahead), payload, missing, at);
    if (held_here_ == before && missing == 0) { return Arrival::kRetransmission; }
    count_tiny(static_cast<std::size_t>(length), at);
    return Arrival::kNew;
  }
  count_tiny(static_cast<std::size_t>(length), at);
  const auto old = static_cast<std::size_t>(-ahead);
  const auto overlap = std::min(old, payload.size());
  direct_ = payload.subspan(overlap);
  direct_missing_ = missing - static_cast<std::uint32_t>(old - overlap);
  direct_frame_ = at.frame;
  has_direct_ = true;
  return Arrival::kNew;
}

/// Holds what the segment claims against what was delivered or is held for the same place.
void Reassembler::look_for_evasion(std::int64_t ahead, ByteView payload, Instant at) {
  if (evasions_ == nullptr || (ahead >= 0 && waiting_count() == 0)) { return; }
  // A keep-alive may bring one octet of garbage for the last byte (RFC 9293 3.8.4).
  if (ahead == -1 && payload.size() == 1) { return; }
  if (agrees(ahead, payload)) { return; }
  conflict_frame_ = at.frame;
  evasions_->note(Evasion::kOverlapConflict, at);
}

bool Reassembler::contradicts(std::uint32_t sequence, ByteView payload) const {
  return begun_ && plausible(sequence) && !agrees(distance(expected_, sequence), payload);
}

bool Reassembler::agrees(std::int64_t ahead, ByteView payload) const {
  const auto before_stream = -ahead - static_cast<std::int64_t>(offset_);
  if (before_stream > 0) {
    payload = payload.subspan(std::min(static_cast<std::size_t>(before_stream), payload.size()));
    ahead += before_stream;
  }
  const auto start = offset_ + static_cast<std::uint64_t>(ahead);
  return delivered_.agrees(start, payload) && agrees_with_held(start, payload);
}

bool Reassembler::agrees_with_held(std::uint64_t start, ByteView payload) const {
  const auto end = start + payload.size();
  for (auto it = first_reaching_beyond(start); it != waiting_.end() && it->start < end; ++it) {
    const auto from = std::max(start, it->start);
    const auto size = static_cast<std::size_t>(std::min(end, it->end()) - from);
    const auto claimed = payload.subspan(static_cast<std::size_t>(from - start), size);
    const auto held = ByteView{it->bytes}.subspan(static_cast<std::size_t>(from - it->start), size);
    if (!std::ranges::equal(claimed, held)) { return false; }
  }
  return true;
}

void Reassembler::count_tiny(std::size_t payload_bytes, Instant at) {
  if (payload_bytes > kTinyBytes) {
    tiny_run_ = 0;
  } else if (tiny_run_ < kTinyRun && ++tiny_run_ == kTinyRun && evasions_ != nullptr) {
    evasions_->note(Evasion::kTinySegments, at);
  }
}

/// After a hole beyond all reach the stream goes on elsewhere: where segment follows segment, and
/// the peer acknowledges them. What is in between, modulo 2^32, is missing.
bool Reassembler::goes_on_at(std::uint32_t sequence, std::uint64_t length) {
  const bool follows = elsewhere_run_ > 0 && sequence == elsewhere_next_;
  elsewhere_run_ = follows ? static_cast<std::uint8_t>(std::min<int>(elsewhere_run_ + 1, kRun)) : 1;
  elsewhere_acknowledged_ = follows && elsewhere_acknowledged_;
  elsewhere_next_ = sequence + static_cast<std::uint32_t>(length);
  if (elsewhere_run_ < kRun || !elsewhere_acknowledged_) { return false; }
  elsewhere_run_ = 0;
  elsewhere_acknowledged_ = false;
  while (waiting_count() > 0) { (void)take_first(); }
  pass_over(sequence - expected_);
  return true;
}

void Reassembler::acknowledged(std::uint32_t acknowledgement, std::uint32_t window_bytes,
                               Moment now) {
  peer_acknowledges_ = true;
  heard_ = now;
  unanswered_ = 0;
  if (elsewhere_run_ > 0 && acknowledgement == elsewhere_next_) { elsewhere_acknowledged_ = true; }
  if (!begun_) { return; }
  window_ = std::max(window_bytes, kLeastWindow);
  const auto ahead = distance(expected_, acknowledgement);
  if (ahead > -kReach && ahead < kReach) {
    const auto place = static_cast<std::uint64_t>(
        std::max<std::int64_t>(0, static_cast<std::int64_t>(offset_) + ahead));
    acknowledged_ = std::max(acknowledged_, place);
    // RFC 9293 3.8.6: a receiver does not shrink its window.
    window_end_ = std::max(window_end_, place + window_);
  }
  if (beyond_at_.frame != FrameNumber{}) {
    if (beyond_ >= window_end_ && evasions_ != nullptr) {
      evasions_->note(Evasion::kBeyondWindow, beyond_at_);
    }
    beyond_at_ = {};
  }
  if (waiting_count() > 0) { ++packets_since_hole_; }
}

bool Reassembler::may_be_acknowledged(std::uint32_t acknowledgement) const {
  if (!begun_) { return true; }
  const auto known = static_cast<std::int64_t>(std::max(offset_, acknowledged_) - offset_);
  const auto ahead = distance(expected_, acknowledgement) - known;
  // Before it has said anything it cannot have sent more than fits its peer's first window.
  const bool silent = offset_ == 0 && acknowledged_ == 0 && waiting_count() == 0;
  if (ahead <= (silent ? std::int64_t{kLeastWindow} : kLargestWindow)) {
    return ahead >= -kLargestWindow;
  }
  return elsewhere_run_ > 0 &&
         std::abs(distance(elsewhere_next_, acknowledgement)) <= kLargestWindow;
}

void Reassembler::ends_at(std::uint32_t sequence) {
  if (!begun_ || !plausible(sequence)) { return; }
  const auto ahead = distance(expected_, sequence);
  if (ahead >= 0) { end_ = offset_ + static_cast<std::uint64_t>(ahead); }
}

bool Reassembler::is_over_limit() const {
  // Where all hold too much together, those give way that hold a good part of it.
  const bool too_much_in_all = held_->now > limits_->out_of_order_total &&
                               held_here_ > limits_->out_of_order_total / kFairParts;
  return held_here_ > limits_->out_of_order_bytes || too_much_in_all ||
         waiting_count() > limits_->out_of_order_segments;
}

/// Up to which stream offset the hole is taken for lost: `offset_` where it may still be filled.
std::uint64_t Reassembler::lost_until(Moment now, bool at_end) const {
  const auto waited = now - waiting_[taken_].at.time;
  if (acknowledged_ > offset_) {
    const bool certain =
        at_end || is_over_limit() || packets_since_hole_ > kPatiencePackets || waited > kPatience;
    // A FIN that was acknowledged has a number, but no byte.
    return certain ? std::min(acknowledged_, end_.value_or(acknowledged_)) : offset_;
  }
  // Half a connection may be all that is captured: then nobody acknowledges anything. Otherwise
  // who claims to have sent more than the peer has acknowledged is not believed.
  if (peer_is_heard(now)) { return offset_; }
  return at_end || is_over_limit() || waited > kPatienceAlone ? waiting_[taken_].start : offset_;
}

std::optional<Piece> Reassembler::next(Moment now, bool at_end) {
  if (has_direct_) {
    has_direct_ = false;
    auto piece = advance_over(offset_, direct_, direct_missing_, direct_frame_);
    if (piece.has_value()) { return piece; }
  }
  current_ = {};
  const auto before = offset_;
  while (waiting_count() > 0) {
    if (waiting_[taken_].start > offset_ && !pass_over_hole(now, at_end)) { break; }
    auto taken = take_first();
    current_ = std::move(taken.bytes);
    if (auto piece = advance_over(taken.start, current_, taken.missing, taken.at.frame)) {
      return piece;
    }
  }
  const bool waits = waiting_count() > 0;
  if (waits && offset_ == before) { return std::nullopt; }
  if (!waits && at_end) { pass_over_tail(now); }
  if (pending_gap_ == 0) { return std::nullopt; }
  return Piece{.gap_bytes = std::exchange(pending_gap_, 0),
               .bytes = {},
               .frame = waits ? waiting_[taken_].at.frame : FrameNumber{}};
}

/// True where nothing is missing any more before the first segment that waits.
bool Reassembler::pass_over_hole(Moment now, bool at_end) {
  const auto start = waiting_[taken_].start;
  const auto until = std::min(start, lost_until(now, at_end));
  if (until > offset_) {
    pass_over(until - offset_);
    packets_since_hole_ = 0;
    return until == start;
  }
  while (waiting_count() > 0 && (at_end || is_over_limit())) { drop_last(); }
  return false;
}

/// What the FIN says was sent.
void Reassembler::pass_over_tail(Moment now) {
  if (!end_.has_value()) { return; }
  const auto until = peer_is_heard(now) ? std::min(*end_, acknowledged_) : *end_;
  if (until > offset_) { pass_over(until - offset_); }
}

/// Erases at the front only now and then, so that draining n segments costs n and not n squared.
Reassembler::Held Reassembler::take_first() {
  auto first = std::move(waiting_[taken_++]);
  held_here_ -= first.bytes.size();
  held_->now -= first.bytes.size();
  held_->overhead -= kHeldCost;
  if (taken_ == waiting_.size()) {
    waiting_ = {};
    taken_ = 0;
  } else if (taken_ * 2 >= waiting_.size()) {
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(taken_));
    taken_ = 0;
  }
  return first;
}

/// What lies farthest ahead gives way: what is sent again comes before it.
void Reassembler::drop_last() {
  const auto& last = waiting_.back();
  held_here_ -= last.bytes.size();
  held_->now -= last.bytes.size();
  held_->overhead -= kHeldCost;
  waiting_.pop_back();
  if (taken_ == waiting_.size()) {
    waiting_ = {};
    taken_ = 0;
  }
}

void Reassembler::pass_over(std::uint64_t hole) {
  pending_gap_ += hole;
  gap_bytes_ += hole;
  offset_ += hole;
  expected_ += static_cast<std::uint32_t>(hole);
}

/// Hands out what of [start, start + bytes) is not behind `offset_`; empty when nothing is.
std::optional<Piece> Reassembler::advance_over(std::uint64_t start, ByteView bytes,
                                               std::uint32_t missing, FrameNumber frame) {
  const auto behind = static_cast<std::size_t>(offset_ - start);
  const auto known = bytes.subspan(std::min(behind, bytes.size()));
  const auto unread = static_cast<std::uint64_t>(bytes.size()) + missing;
  if (unread <= behind) { return std::nullopt; }
  const auto total = unread - behind;
  const auto lost = total - known.size();
  gap_bytes_ += lost;
  if (evasions_ != nullptr) { held_->overhead += delivered_.append(offset_, known); }
  offset_ += total;
  expected_ += static_cast<std::uint32_t>(total);
  if (known.empty()) {
    pending_gap_ += lost;
    return std::nullopt;
  }
  // What is cut off behind these bytes comes before the next ones.
  return Piece{.gap_bytes = std::exchange(pending_gap_, lost), .bytes = known, .frame = frame};
}

/// The first held segment that does not lie wholly before `offset`.
Reassembler::HeldList::const_iterator Reassembler::first_reaching_beyond(
    std::uint64_t offset) const {
  return std::upper_bound(waiting_.begin() + static_cast<std::ptrdiff_t>(taken_), waiting_.end(),
                          offset, [](std::uint64_t o, const Held& h) { return o < h.end(); });
}

/// Keeps the parts of the segment that no held segment has yet.
void Reassembler::hold(std::uint64_t start, ByteView bytes, std::uint32_t missing, Instant at) {
  const auto end = start + bytes.size();
  const auto before = first_reaching_beyond(start);
  const auto place = before - waiting_.begin();
  const auto old_size = static_cast<std::ptrdiff_t>(waiting_.size());
  for (auto next = static_cast<std::size_t>(place); start < end; ++next) {
    const bool last = next >= static_cast<std::size_t>(old_size);
    const auto until = last ? end : std::min(end, waiting_[next].start);
    if (until > start) {
      const auto part = bytes.subspan(bytes.size() - static_cast<std::size_t>(end - start),
                                      static_cast<std::size_t>(until - start));
      held_here_ += part.size();
      held_->now += part.size();
      held_->overhead += kHeldCost;
      waiting_.push_back({.start = start,
                          .bytes = {part.begin(), part.end()},
                          .missing = until == end ? missing : 0,
                          .at = at});
    }
    if (last) { break; }
    start = std::max(start, waiting_[next].end());
  }
  // One merge, however many parts there are.
  std::inplace_merge(waiting_.begin() + place, waiting_.begin() + old_size, waiting_.end(),
                     [](const Held& a, const Held& b) { return a.start < b.start; });
}

}  // namespace remora::capture
