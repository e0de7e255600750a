#include "capture/net/fragments.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace remora::capture {
namespace {

constexpr std::uint32_t kMaxDatagramBytes = 65535;
/// What a datagram, and a piece of one, cost beside their bytes. Rounded up.
constexpr std::size_t kDatagramCost = 384;
constexpr std::size_t kPieceCost = 96;

}  // namespace

FragmentTable::Outcome FragmentTable::add(const IpHeader& ip, Moment time,
                                          std::uint32_t frame_wire_bytes, Overlap overlap,
                                          std::uint64_t context) {
  expire(time);
  const auto place = ip.fragment.value_or(FragmentPlace{});
  const auto size = static_cast<std::uint32_t>(ip.payload.size());
  if (size > kMaxDatagramBytes - place.offset_bytes ||
      (place.more && (size == 0 || size % 8 != 0))) {
    ++counters_.impossible;
    return {};
  }
  const auto entry = waiting_for(ip, time, overlap, context);
  auto& waiting = entry->second;
  if (waiting.refused) { return {}; }
  if (!accept(waiting, ip, overlap)) {
    refuse(waiting);
    return {};
  }
  waiting.wire_bytes += frame_wire_bytes;
  if (waiting.total_bytes == waiting.received_bytes) {
    Outcome outcome{.verdict = Verdict::kComplete,
                    .datagram = assemble(waiting),
                    .options = std::move(waiting.options),
                    .protocol = waiting.protocol,
                    .wire_bytes = waiting.wire_bytes,
                    .conflicting = waiting.conflicting};
    erase(entry);
    ++counters_.completed;
    return outcome;
  }
  make_room();
  return {.verdict = Verdict::kWaiting};
}

FragmentTable::Table::iterator FragmentTable::waiting_for(const IpHeader& ip, Moment time,
                                                          Overlap overlap, std::uint64_t context) {
  const Key key{.source = ip.source,
                .destination = ip.destination,
                .identification = ip.fragment.value_or(FragmentPlace{}).identification,
                .protocol = overlap == Overlap::kFirstWins ? ip.protocol : std::uint8_t{0},
                .context = context};
  const auto [place, is_new] = waiting_.try_emplace(key);
  if (is_new) {
    place->second.since = time;
    place->second.age = by_age_.insert(by_age_.end(), key);
    held_bytes_ += kDatagramCost;
  }
  return place;
}

bool FragmentTable::accept(Waiting& waiting, const IpHeader& ip, Overlap overlap) {
  const auto place = ip.fragment.value_or(FragmentPlace{});
  const auto begin = place.offset_bytes;
  const auto end = begin + static_cast<std::uint32_t>(ip.payload.size());
  if (begin == 0 && !waiting.pieces.contains(0)) {
    waiting.protocol = ip.protocol;
    waiting.options.assign(ip.options.begin(), ip.options.end());
  }

  std::uint32_t known_end = 0;
  if (!waiting.pieces.empty()) {
    const auto& [offset, bytes] = *waiting.pieces.rbegin();
    known_end = offset + static_cast<std::uint32_t>(bytes.size());
  }
  const bool beyond = end > waiting.total_bytes.value_or(kMaxDatagramBytes);
  const bool other_end =
      !place.more && (waiting.total_bytes.value_or(end) != end || known_end > end);
  if (beyond || other_end) {
    // Who came first is believed here too: a forged last fragment must not cost the datagram.
    if (overlap != Overlap::kFirstWins) { return false; }
    note_conflict(waiting);
    return true;
  }
  if (!place.more) { waiting.total_bytes = end; }

  if (overlap == Overlap::kFirstWins) {
    fill_gaps(waiting, begin, ip.payload);
    return true;
  }
  const auto after = waiting.pieces.lower_bound(begin);
  if (after != waiting.pieces.end() && after->first == begin &&
      std::ranges::equal(after->second, ip.payload)) {
    return true;  // a repetition
  }
  if (after != waiting.pieces.end() && after->first < end) { return false; }
  if (after != waiting.pieces.begin()) {
    const auto& [offset, bytes] = *std::prev(after);
    if (offset + bytes.size() > begin) { return false; }
  }
  keep(waiting, begin, ip.payload);
  return true;
}

/// Keeps what nobody sent before.
void FragmentTable::fill_gaps(Waiting& waiting, std::uint32_t offset, ByteView bytes) {
  while (!bytes.empty()) {
    const auto after = waiting.pieces.upper_bound(offset);
    std::size_t covered = 0;
    if (after != waiting.pieces.begin()) {
      const auto& [start, piece] = *std::prev(after);
      const auto piece_end = start + piece.size();
      covered = piece_end > offset ? std::min(bytes.size(), piece_end - offset) : 0;
      if (covered != 0) {
        const auto known = ByteView{piece}.subspan(offset - start, covered);
        if (!std::ranges::equal(known, bytes.first(covered))) { note_conflict(waiting); }
      }
    }
    if (covered == 0) {
      const auto room = after == waiting.pieces.end() ? bytes.size() : after->first - offset;
      covered = std::min<std::size_t>(bytes.size(), room);
      keep(waiting, offset, bytes.first(covered));
    }
    bytes = bytes.subspan(covered);
    offset += static_cast<std::uint32_t>(covered);
  }
}

void FragmentTable::note_conflict(Waiting& waiting) {
  if (!waiting.conflicting) { ++counters_.conflicting; }
  waiting.conflicting = true;
}

void FragmentTable::keep(Waiting& waiting, std::uint32_t offset, ByteView bytes) {
  // LIMIT: a datagram in more pieces stays incomplete until it expires.
  if (bytes.empty() || waiting.pieces.size() >= limits_.pieces) { return; }
  waiting.pieces.emplace(offset, std::vector<std::byte>(bytes.begin(), bytes.end()));
  waiting.received_bytes += static_cast<std::uint32_t>(bytes.size());
  held_bytes_ += kPieceCost + bytes.size();
}

void FragmentTable::refuse(Waiting& waiting) {
  forget_pieces(waiting);
  waiting.refused = true;
  ++counters_.overlapping;
}

void FragmentTable::forget_pieces(Waiting& waiting) {
  held_bytes_ -= waiting.pieces.size() * kPieceCost + waiting.received_bytes;
  waiting.pieces.clear();
  waiting.received_bytes = 0;
}

void FragmentTable::erase(Table::iterator place) {
  forget_pieces(place->second);
  held_bytes_ -= kDatagramCost;
  by_age_.erase(place->second.age);
  waiting_.erase(place);
}

void FragmentTable::expire(Moment now) {
  while (!by_age_.empty()) {
    const auto oldest = waiting_.find(by_age_.front());
    // Without overflow for any two moments, and without effect when capture time steps back.
    if (now <= oldest->second.since ||
        static_cast<std::uint64_t>(now.time_since_epoch().count()) -
                static_cast<std::uint64_t>(oldest->second.since.time_since_epoch().count()) <=
            static_cast<std::uint64_t>(limits_.age.count())) {
      return;
    }
    if (!oldest->second.refused) { ++counters_.expired; }
    erase(oldest);
  }
}

void FragmentTable::make_room() {
  while (waiting_.size() > limits_.datagrams || held_bytes_ > limits_.bytes) {
    const auto oldest = waiting_.find(by_age_.front());
    if (!oldest->second.refused) { ++counters_.evicted; }
    erase(oldest);
  }
}

std::vector<std::byte> FragmentTable::assemble(const Waiting& waiting) {
  std::vector<std::byte> datagram;
  datagram.reserve(waiting.received_bytes);
  for (const auto& [offset, bytes] : waiting.pieces) {
    datagram.insert(datagram.end(), bytes.begin(), bytes.end());
  }
  return datagram;
}

}  // namespace remora::capture
