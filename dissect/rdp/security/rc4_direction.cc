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

void decrypt(ByteView data, ByteView stream, std::span<std::byte> plaintext) {
  std::ranges::transform(data, stream, plaintext.begin(),
                         [](std::byte sealed, std::byte key) { return sealed ^ key; });
}

}  // namespace

Rc4Direction::Rc4Direction(EncryptionMethod method, ByteView key, ByteView mac_key)
    : method_{method}, initial_key_{key}, key_{key}, rc4_{key}, mac_{mac_key} {}

Opened Rc4Direction::open(const SealedData& pdu, std::span<std::byte> plaintext) {
  if (abandoned_) { return Opened::kAbandoned; }
  return is_lost() ? open_lost(pdu, plaintext) : open_in_step(pdu, plaintext);
}

void Rc4Direction::lose(std::uint64_t bytes) {
  if (bytes == 0 || abandoned_) { return; }
  if (!is_lost()) { tries_ = 0; }
  // Saturates: beyond the limit nothing is searched.
  lost_ = std::min(lost_.value_or(0) + std::min(bytes, kMaxLost + 1), kMaxLost + 1);
}

/// 5.3.7.1.
void Rc4Direction::update() {
  key_ = updated_key(method_, initial_key_.bytes(), key_.bytes());
  rc4_ = Rc4{key_.bytes()};
  ++key_number_;
}

Opened Rc4Direction::open_in_step(const SealedData& pdu, std::span<std::byte> plaintext) {
  while (key_number_ < next_.low / kPdusPerKey) { update(); }
  if (next_.high / kPdusPerKey > key_number_) { return open_at_update(pdu, plaintext); }
  rc4_.apply(pdu.data, plaintext);
  return judge(pdu, plaintext);
}

/// A loss hid how many PDUs there were: this one has the key of the last, or the next one already.
Opened Rc4Direction::open_at_update(const SealedData& pdu, std::span<std::byte> plaintext) {
  const auto first_of_next = (key_number_ + 1) * kPdusPerKey;
  auto going_on = rc4_;
  going_on.apply(pdu.data, plaintext);
  const PduNumbers still{.low = next_.low, .high = first_of_next - 1};
  if (const auto fits = numbers_that_fit(pdu, plaintext, still)) {
    rc4_ = going_on;
    count(*fits);
    return Opened::kRight;
  }
  const auto next_key = updated_key(method_, initial_key_.bytes(), key_.bytes());
  Rc4{next_key.bytes()}.apply(pdu.data, plaintext);
  const PduNumbers first{.low = first_of_next, .high = first_of_next};
  if (const auto fits = numbers_that_fit(pdu, plaintext, first)) {
    update();
    rc4_.skip(pdu.data.size());
    count(*fits);
    return Opened::kRight;
  }
  lose(pdu.pdu_bytes);
  return Opened::kUnplaced;
}

/// Of a PDU whose place is known.
Opened Rc4Direction::judge(const SealedData& pdu, ByteView plaintext) {
  if (const auto fits = numbers_that_fit(pdu, plaintext, next_)) {
    count(*fits);
    return Opened::kRight;
  }
  count(next_);
  // Who signs wrongly does so always: FreeRDP and xrdp disagree on salted signatures.
  if (!was_right_.at(pdu.salted ? 1 : 0) && is_plausible(pdu, plaintext, plaintext.size())) {
    return Opened::kUnsigned;
  }
  if (++wrong_ >= kMaxWrong) { abandoned_ = true; }
  return abandoned_ ? Opened::kAbandoned : Opened::kWrong;
}

/// Of the numbers that the PDU may have, those that its signature allows.
std::optional<PduNumbers> Rc4Direction::numbers_that_fit(const SealedData& pdu, ByteView plaintext,
                                                         PduNumbers numbers) {
  std::optional<PduNumbers> fit;
  if (!pdu.salted) {
    if (mac_.is_right(plaintext, pdu.signature)) { fit = numbers; }
  } else {
    if (const auto number = mac_.number_of(plaintext, pdu.signature, numbers)) {
      fit = PduNumbers{.low = *number, .high = *number};
    }
  }
  if (fit.has_value()) {
    was_right_.at(pdu.salted ? 1 : 0) = true;
    wrong_ = 0;
  }
  return fit;
}

/// A PDU of one of these numbers was read.
void Rc4Direction::count(PduNumbers before) {
  next_ = {.low = before.low + 1, .high = before.high + 1};
}

Opened Rc4Direction::open_lost(const SealedData& pdu, std::span<std::byte> plaintext) {
  if (find_place(pdu, plaintext)) {
    lost_.reset();
    return Opened::kRight;
  }
  lose(pdu.pdu_bytes);
  abandoned_ = ++tries_ >= kMaxTries || work_ > kMaxWorkInAll;
  return abandoned_ ? Opened::kAbandoned : Opened::kUnplaced;
}

bool Rc4Direction::find_place(const SealedData& pdu, std::span<std::byte> plaintext) {
  work_limit_ = work_ + kMaxWork;
  while (key_number_ < next_.low / kPdusPerKey) { update(); }
  // Perhaps nothing of what is missing was encrypted.
  if (search_key(key_number_, rc4_, pdu, plaintext)) { return true; }
  // Perhaps the key was updated in what is missing.
  const auto last = (next_.high + *lost_ / kLeastHeader) / kPdusPerKey;
  constexpr std::uint64_t kMostUpdates = 2;
  keys::Secret key{key_.bytes()};
  for (auto number = key_number_ + 1; number <= std::min(last, key_number_ + kMostUpdates);
       ++number) {
    key = updated_key(method_, initial_key_.bytes(), key.bytes());
    if (search_key(number, Rc4{key.bytes()}, pdu, plaintext)) {
      key_ = std::move(key);
      return true;
    }
  }
  return false;
}

/// Tries places behind `start`, which is where the key stream of that key stands. Of a loss most
/// bytes are data, so that the last places come first; behind an update the first do.
bool Rc4Direction::search_key(std::uint64_t key_number, const Rc4& start, const SealedData& pdu,
                              std::span<std::byte> plaintext) {
  const bool same_key = key_number == key_number_;
  const auto lost = *lost_;
  const auto reach = std::min<std::uint64_t>(lost, kMaxHeaders);
  const bool too_much = lost > kMaxLost;
  Window window{.key_number = key_number,
                .begin = same_key && !too_much ? lost - reach : 0,
                .stream = std::vector<std::byte>((too_much ? 0 : reach) + pdu.data.size())};
  auto stream = start;
  stream.skip(window.begin);
  stream.apply(window.stream, window.stream);
  work_ += window.begin + window.stream.size();

  bool found = false;
  std::uint64_t place = 0;
  const auto try_at = [&](std::uint64_t candidate) {
    place = candidate;
    found = try_place(window, candidate, pdu, plaintext);
    return found;
  };
  if (window.begin == 0) { (void)try_at(0); }
  for (std::uint64_t step = 0; !too_much && !found && step <= reach && work_ < work_limit_;
       ++step) {
    (void)try_at(same_key ? lost - step : step);
  }
  keys::wipe(window.stream);
  if (!found) { return false; }
  rc4_ = start;
  rc4_.skip(place + pdu.data.size());
  key_number_ = key_number;
  return true;
}

bool Rc4Direction::try_place(const Window& window, std::uint64_t place, const SealedData& pdu,
                             std::span<std::byte> plaintext) {
  const auto stream = ByteView{window.stream}.subspan(place - window.begin, pdu.data.size());
  const auto look = std::min(kFirstLook, pdu.data.size());
  work_ += look;
  decrypt(pdu.data.first(look), stream.first(look), plaintext.first(look));
  if (!is_plausible(pdu, ByteView{plaintext}.first(look), pdu.data.size())) { return false; }
  work_ += pdu.data.size();
  decrypt(pdu.data, stream, plaintext);
  if (!is_plausible(pdu, plaintext, plaintext.size())) { return false; }
  const auto numbers = numbers_at(window.key_number, place);
  if (numbers.low > numbers.high) { return false; }
  const auto digests = pdu.salted ? numbers.high - numbers.low + 1 : 1;
  work_ += pdu.data.size() + digests * kDigestWork;
  const auto fits = numbers_that_fit(pdu, plaintext, numbers);
  if (fits.has_value()) { count(*fits); }
  return fits.has_value();
}

/// What the PDU's number may be where it stands so far from the key stream's known place, or from
/// the beginning of a later key's.
PduNumbers Rc4Direction::numbers_at(std::uint64_t key_number, std::uint64_t place) const {
  const auto first_of_key = key_number * kPdusPerKey;
  const auto last_of_key = first_of_key + kPdusPerKey - 1;
  // Each PDU has a byte of data at least.
  const std::uint64_t least = place == 0 ? 0 : 1;
  if (key_number == key_number_) {
    const auto headers = *lost_ - std::min(*lost_, place);
    const auto most = std::min(place, headers / kLeastHeader);
    return {.low = std::max(next_.low + least, first_of_key),
            .high = std::min(next_.high + most, last_of_key)};
  }
  const auto most = std::min(place, *lost_ / kLeastHeader);
  return {.low = first_of_key + least, .high = std::min(first_of_key + most, last_of_key)};
}

}  // namespace remora::rdp
