#include "dissect/rdp/security/rc4_direction.h"

#include <algorithm>
#include <utility>

#include "dissect/rdp/security/session_keys.h"

namespace remora::rdp {
namespace {

/// Of an encrypted PDU: fast path with a length of one byte, and its signature. Nothing is smaller.
constexpr std::uint64_t kLeastHeader = 10;
/// Enough of a PDU to see that it is none.
constexpr std::size_t kFirstLook = 24;
/// What a digest costs, in bytes digested, before its first byte.
constexpr std::uint64_t kDigestWork = 500;
/// Bytes that no other place of a key stream gives by chance.
constexpr std::uint64_t kProof = 8;
/// LIMIT: updates of the key in one loss.
constexpr std::uint64_t kMostUpdates = 2;

void decrypt(ByteView data, ByteView stream, std::span<std::byte> plaintext) {
  std::ranges::transform(data, stream, plaintext.begin(),
                         [](std::byte sealed, std::byte key) { return sealed ^ key; });
}

PduNumbers after(PduNumbers numbers) {
  return {.low = numbers.low + 1, .high = numbers.high + 1};
}

}  // namespace

Rc4Direction::Rc4Direction(EncryptionMethod method, ByteView key, ByteView mac_key)
    : method_{method},
      initial_key_{key},
      key_{key},
      mac_{mac_key},
      place_{.rc4 = keys::Rc4{key}, .key_number = 0, .next = {}} {}

Opened Rc4Direction::open(const SealedData& pdu, std::span<std::byte> plaintext) {
  if (abandoned_) { return Opened::kAbandoned; }
  if (!lost_.has_value() && place_.next.low / kPdusPerKey > place_.key_number) {
    key_ = key_of(place_.key_number + 1);
    if (key_.empty()) {
      abandoned_ = true;
      return Opened::kAbandoned;
    }
    place_.rc4 = keys::Rc4{key_.bytes()};
    ++place_.key_number;
  }
  if (!lost_.has_value() && place_.next.high / kPdusPerKey > place_.key_number) {
    // A loss hid how many PDUs there were: this one has the key of the last, or the next already.
    agreed_.push_back(place_);
    lost_ = 0;
    tries_ = 0;
  }
  return lost_.has_value() ? open_lost(pdu, plaintext) : open_sure(pdu, plaintext);
}

void Rc4Direction::lose(std::uint64_t bytes) {
  if (bytes == 0 || abandoned_) { return; }
  if (!lost_.has_value()) { tries_ = 0; }
  agreed_.clear();
  agreed_bytes_ = 0;
  // Saturates: beyond the limit nothing is searched.
  const auto more = std::min(bytes, kMaxLost + 1) + std::exchange(agreed_pdu_bytes_, 0);
  lost_ = std::min(lost_.value_or(0) + more, kMaxLost + 1);
}

/// Keys of `place_` and later ones, 5.3.7.1.
keys::Secret Rc4Direction::key_of(std::uint64_t key_number) const {
  keys::Secret key{key_.bytes()};
  for (auto number = place_.key_number; number < key_number && !key.empty(); ++number) {
    key = updated_key(method_, initial_key_.bytes(), key.bytes());
  }
  return key;
}

std::optional<Rc4Direction::Place> Rc4Direction::with_next_key(const Place& place) const {
  const auto number = place.key_number + 1;
  const auto first = number * kPdusPerKey;
  const auto key = key_of(number);
  if (key.empty()) { return {}; }
  return Place{
      .rc4 = keys::Rc4{key.bytes()}, .key_number = number, .next = {.low = first, .high = first}};
}

Opened Rc4Direction::open_sure(const SealedData& pdu, std::span<std::byte> plaintext) {
  place_.rc4.apply(pdu.data, plaintext);
  auto numbers = place_.next;
  const bool right = is_right(pdu, plaintext, numbers);
  place_.next = after(numbers);
  if (right) { return Opened::kRight; }
  // Who signs wrongly does so always: FreeRDP and xrdp disagree on salted signatures.
  if (!was_right_.at(pdu.salted ? 1 : 0) && is_plausible(pdu, plaintext, plaintext.size())) {
    return Opened::kUnsigned;
  }
  abandoned_ = ++wrong_ >= kMaxWrong;
  return abandoned_ ? Opened::kAbandoned : Opened::kWrong;
}

/// Leaves of the numbers that the PDU may have those that its signature allows.
bool Rc4Direction::is_right(const SealedData& pdu, ByteView plaintext, PduNumbers& numbers) {
  if (!pdu.salted) {
    if (!mac_.is_right(plaintext, pdu.signature)) { return false; }
  } else {
    const auto number = mac_.number_of(plaintext, pdu.signature, numbers);
    if (!number.has_value()) { return false; }
    numbers = {.low = *number, .high = *number};
  }
  was_right_.at(pdu.salted ? 1 : 0) = true;
  wrong_ = 0;
  return true;
}

Opened Rc4Direction::open_lost(const SealedData& pdu, std::span<std::byte> plaintext) {
  work_limit_ = work_ + kMaxWork;
  follow(pdu, plaintext);
  if (agreed_.empty() && work_ <= kMaxWorkInAll) {
    // Whatever agreed so far did so by chance.
    lose(std::exchange(agreed_pdu_bytes_, 0));
    search(pdu, plaintext);
  }
  if (agreed_.empty()) {
    lose(pdu.pdu_bytes);
    abandoned_ = ++tries_ >= kMaxTries || work_ > kMaxWorkInAll;
    return abandoned_ ? Opened::kAbandoned : Opened::kUnplaced;
  }
  std::ranges::copy(agreed_text_, plaintext.begin());
  keys::wipe(agreed_text_);
  agreed_text_.clear();
  agreed_pdu_bytes_ += pdu.pdu_bytes;
  agreed_bytes_ += pdu.data.size();
  if (agreed_.size() == 1 && agreed_bytes_ >= kProof) { settle(); }
  return Opened::kRight;
}

/// The one place that is left is sure.
void Rc4Direction::settle() {
  key_ = key_of(agreed_.front().key_number);
  abandoned_ = key_.empty();
  place_ = agreed_.front();
  agreed_.clear();
  agreed_pdu_bytes_ = 0;
  agreed_bytes_ = 0;
  lost_.reset();
}

/// Of the places that agreed so far those stay that agree with this PDU too.
void Rc4Direction::follow(const SealedData& pdu, std::span<std::byte> plaintext) {
  for (const auto& place : std::exchange(agreed_, {})) {
    const auto last_of_key = (place.key_number + 1) * kPdusPerKey - 1;
    if (place.next.low <= last_of_key) {
      auto still = place;
      still.next.high = std::min(still.next.high, last_of_key);
      try_next(still, pdu, plaintext);
    }
    if (place.next.high <= last_of_key) { continue; }
    if (auto next = with_next_key(place)) { try_next(std::move(*next), pdu, plaintext); }
  }
}

void Rc4Direction::try_next(Place place, const SealedData& pdu, std::span<std::byte> plaintext) {
  if (agreed_.size() >= kMaxPlaces) { return; }
  place.rc4.apply(pdu.data, plaintext);
  if (is_right(pdu, plaintext, place.next)) { agree(pdu, std::move(place), plaintext); }
}

/// The place is where the PDU begins, its key stream stands behind it.
void Rc4Direction::agree(const SealedData& pdu, Place place, ByteView plaintext) {
  place.next = after(place.next);
  agreed_.push_back(std::move(place));
  agreed_text_.assign(plaintext.begin(),
                      plaintext.begin() + static_cast<std::ptrdiff_t>(pdu.data.size()));
}

/// No other place needs to be looked at.
bool Rc4Direction::enough(const SealedData& pdu) const {
  return (!agreed_.empty() && pdu.data.size() >= kProof) || agreed_.size() > kMaxPlaces ||
         work_ > work_limit_;
}

void Rc4Direction::search(const SealedData& pdu, std::span<std::byte> plaintext) {
  search_from(place_, pdu, plaintext);
  // Perhaps the key was updated in what is missing.
  const auto last = (place_.next.high + *lost_ / kLeastHeader) / kPdusPerKey;
  auto start = place_;
  while (start.key_number < std::min(last, place_.key_number + kMostUpdates) && !enough(pdu)) {
    auto next = with_next_key(start);
    if (!next.has_value()) { break; }
    start = std::move(*next);
    search_from(start, pdu, plaintext);
  }
  // Too many places say nothing; perhaps a longer PDU follows.
  if (agreed_.size() > kMaxPlaces) { agreed_.clear(); }
}

/// Tries what follows `start`. Of a loss most bytes are data, so that the last places come first;
/// behind an update the first do.
void Rc4Direction::search_from(const Place& start, const SealedData& pdu,
                               std::span<std::byte> plaintext) {
  const bool same_key = start.key_number == place_.key_number;
  const auto lost = *lost_;
  const bool too_much = lost > kMaxLost;
  const auto reach = too_much ? 0 : std::min<std::uint64_t>(lost, kMaxHeaders);
  Window window{.start = &start,
                .begin = same_key && !too_much ? lost - reach : 0,
                .stream = std::vector<std::byte>(reach + pdu.data.size())};
  auto stream = start.rc4;
  stream.skip(window.begin);
  stream.apply(window.stream, window.stream);
  work_ += window.begin + window.stream.size();
  // Perhaps nothing of what is missing was encrypted.
  const bool begins_here = window.begin == 0;
  if (begins_here) { try_at(window, 0, pdu, plaintext); }
  for (std::uint64_t step = 0; !too_much && step <= reach && !enough(pdu); ++step) {
    const auto offset = same_key ? lost - step : step;
    if (offset != 0 || !begins_here) { try_at(window, offset, pdu, plaintext); }
  }
  keys::wipe(window.stream);
}

void Rc4Direction::try_at(const Window& window, std::uint64_t offset, const SealedData& pdu,
                          std::span<std::byte> plaintext) {
  const auto stream = ByteView{window.stream}.subspan(offset - window.begin, pdu.data.size());
  const auto look = std::min(kFirstLook, pdu.data.size());
  work_ += look;
  decrypt(pdu.data.first(look), stream.first(look), plaintext.first(look));
  if (!is_plausible(pdu, ByteView{plaintext}.first(look), pdu.data.size())) { return; }
  work_ += pdu.data.size();
  decrypt(pdu.data, stream, plaintext);
  if (!is_plausible(pdu, plaintext, plaintext.size())) { return; }
  auto numbers = numbers_at(*window.start, offset);
  if (numbers.low > numbers.high) { return; }
  const auto digests = pdu.salted ? numbers.high - numbers.low + 1 : 1;
  work_ += pdu.data.size() + digests * kDigestWork;
  if (!is_right(pdu, plaintext, numbers)) { return; }
  Place place{.rc4 = window.start->rc4, .key_number = window.start->key_number, .next = numbers};
  place.rc4.skip(offset + pdu.data.size());
  agree(pdu, std::move(place), plaintext);
}

/// What the PDU's number may be where it stands so many bytes behind `start`.
PduNumbers Rc4Direction::numbers_at(const Place& start, std::uint64_t offset) const {
  const auto last_of_key = (start.key_number + 1) * kPdusPerKey - 1;
  const bool same_key = start.key_number == place_.key_number;
  const auto headers = same_key ? *lost_ - std::min(*lost_, offset) : *lost_;
  // Each PDU has a byte of data at least.
  const auto most = std::min(offset, headers / kLeastHeader);
  const std::uint64_t least = offset == 0 ? 0 : 1;
  return {.low = start.next.low + least, .high = std::min(start.next.high + most, last_of_key)};
}

}  // namespace remora::rdp
