#include "capture/flow/reassembler.h"

#include <algorithm>
#include <utility>

namespace remora::capture {
namespace {

/// LIMIT: how far ahead of the expected byte a segment may lie. The largest window that RFC 7323
/// allows is 1 GiB; real peers stay far below this.
constexpr std::int64_t kReach = 64LL << 20;

/// A capture may show an acknowledgement a little before the data that it confirms. A hole counts
/// as lost once so many more segments or so much time have passed.
constexpr std::size_t kPatiencePackets = 16;
constexpr Nanoseconds kPatience = std::chrono::seconds{1};

/// Distance from `from` to `to` in sequence space, RFC 9293 3.4.
std::int64_t distance(std::uint32_t from, std::uint32_t to) {
  return static_cast<std::int32_t>(to - from);
}

}  // namespace

Reassembler::~Reassembler() {
  held_->now -= held_here_;
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

Reassembler::Arrival Reassembler::add(std::uint32_t sequence, ByteView payload,
                                      std::uint32_t missing, Instant at) {
  if (!begun_) {
    expected_ = sequence;
    begun_ = true;
  }
  if (!plausible(sequence)) { return Arrival::kOutsideWindow; }
  const auto ahead = distance(expected_, sequence);
  const auto length = static_cast<std::int64_t>(payload.size()) + missing;
  if (ahead + length <= 0) { return Arrival::kRetransmission; }
  if (!waiting_.empty()) { ++packets_since_hole_; }
  if (ahead > 0) {
    const auto before = held_here_;
    hold(offset_ + static_cast<std::uint64_t>(ahead), payload, missing, at);
    return held_here_ > before || missing > 0 ? Arrival::kNew : Arrival::kRetransmission;
  }
  const auto old = static_cast<std::size_t>(-ahead);
  const auto overlap = std::min(old, payload.size());
  direct_ = payload.subspan(overlap);
  direct_missing_ = missing - static_cast<std::uint32_t>(old - overlap);
  direct_frame_ = at.frame;
  has_direct_ = true;
  return Arrival::kNew;
}

void Reassembler::acknowledged(std::uint32_t acknowledgement) {
  if (!begun_ || waiting_.empty()) { return; }
  const auto ahead = distance(expected_, acknowledgement);
  if (ahead > 0 && ahead < kReach) {
    acknowledged_ = std::max(acknowledged_, offset_ + static_cast<std::uint64_t>(ahead));
  }
  ++packets_since_hole_;
}

void Reassembler::ends_at(std::uint32_t sequence) {
  if (!begun_ || !plausible(sequence)) { return; }
  const auto ahead = distance(expected_, sequence);
  if (ahead >= 0) { end_ = offset_ + static_cast<std::uint64_t>(ahead); }
}

bool Reassembler::gap_is_certain(Moment now) const {
  if (held_here_ > limits_->out_of_order_bytes || held_->now > limits_->out_of_order_total ||
      waiting_.size() > limits_->out_of_order_segments) {
    return true;
  }
  return acknowledged_ > offset_ &&
         (packets_since_hole_ > kPatiencePackets || now - waiting_.front().at.time > kPatience);
}

std::optional<Piece> Reassembler::next(Moment now, bool at_end) {
  if (has_direct_) {
    has_direct_ = false;
    auto piece = advance_over(offset_, direct_, direct_missing_, direct_frame_);
    if (piece.has_value()) { return piece; }
  }
  while (!waiting_.empty()) {
    auto& first = waiting_.front();
    if (first.start > offset_) {
      if (!at_end && !gap_is_certain(now)) { return std::nullopt; }
      pass_over(first.start - offset_);
      packets_since_hole_ = 0;
    }
    Held taken = std::move(first);
    waiting_.erase(waiting_.begin());
    release(taken.bytes.size());
    current_ = std::move(taken.bytes);
    if (auto piece = advance_over(taken.start, current_, taken.missing, taken.at.frame)) {
      return piece;
    }
  }
  if (at_end && end_.has_value() && *end_ > offset_) { pass_over(*end_ - offset_); }
  if (pending_gap_ > 0) {
    return Piece{.gap_bytes = std::exchange(pending_gap_, 0), .bytes = {}, .frame = {}};
  }
  return std::nullopt;
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
  const Piece piece{.gap_bytes = std::exchange(pending_gap_, lost), .bytes = known, .frame = frame};
  gap_bytes_ += lost;
  offset_ += total;
  expected_ += static_cast<std::uint32_t>(total);
  if (known.empty()) { return std::nullopt; }
  return piece;
}

/// Keeps the parts of the segment that no held segment has yet.
void Reassembler::hold(std::uint64_t start, ByteView bytes, std::uint32_t missing, Instant at) {
  const auto end = start + bytes.size();
  auto place = std::ranges::lower_bound(waiting_, start, {},
                                        [](const Held& h) { return h.start + h.bytes.size(); });
  while (start < end) {
    while (place != waiting_.end() && place->start <= start) {
      start = std::max(start, place->start + place->bytes.size());
      ++place;
    }
    if (start >= end) { break; }
    const auto until = place == waiting_.end() ? end : std::min(end, place->start);
    const auto part = bytes.subspan(bytes.size() - static_cast<std::size_t>(end - start),
                                    static_cast<std::size_t>(until - start));
    place = waiting_.insert(place, Held{.start = start,
                                        .bytes = {part.begin(), part.end()},
                                        .missing = until == end ? missing : 0,
                                        .at = at});
    held_here_ += part.size();
    held_->now += part.size();
    ++place;
    start = until;
  }
}

void Reassembler::release(std::size_t bytes) {
  held_here_ -= bytes;
  held_->now -= bytes;
}

}  // namespace remora::capture
