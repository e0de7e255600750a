#include "dissect/rdp/resync.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "capture/base/cursor.h"
#include "dissect/rdp/fast_path.h"
#include "dissect/rdp/tpkt.h"

namespace remora::rdp {
namespace {

enum class Guess : std::uint8_t { kNo, kMore, kYes };

constexpr int kChain = 3;
/// 2.2.9.1.2: what a PDU should have at most.
constexpr std::size_t kMostOutput = 16'384;
/// 255 events of seven bytes, and what stands before them.
constexpr std::size_t kMostInput = 1'824;

/// 03 00 length length 02 f0 80: whatever the length.
Guess is_data_tpdu(ByteView bytes) {
  constexpr std::array<int, 7> kMark{0x03, 0x00, -1, -1, 0x02, 0xf0, 0x80};
  const auto there = std::min(bytes.size(), kMark.size());
  for (std::size_t i = 0; i < there; ++i) {
    if (kMark.at(i) >= 0 && to_u8(bytes[i]) != kMark.at(i)) { return Guess::kNo; }
  }
  return there == kMark.size() ? Guess::kYes : Guess::kMore;
}

/// Events of one byte to seven, 2.2.8.1.2.2; numEvents may be a byte among them.
bool fits_events(std::size_t content, std::uint8_t number_events) {
  if (number_events == 0) { return content >= 2; }
  return content >= number_events && content <= 7U * number_events;
}

/// What stands before the content, where it is plain to see: 10 00 01 and a padding of 0 to 7.
Guess is_fips_information(ByteView bytes) {
  constexpr std::array<unsigned, 3> kFields{0x10, 0x00, 0x01};
  for (std::size_t i = 0; i < kFields.size(); ++i) {
    if (i >= bytes.size()) { return Guess::kMore; }
    if (to_u8(bytes[i]) != kFields.at(i)) { return Guess::kNo; }
  }
  if (bytes.size() <= kFields.size()) { return Guess::kMore; }
  return to_u8(bytes[kFields.size()]) < 8 ? Guess::kYes : Guess::kNo;
}

struct Judged {
  Guess guess{Guess::kNo};
  std::size_t size{0};
};

Judged is_encrypted_fast_path(ByteView bytes, bool from_client, EncryptedForm form) {
  constexpr std::size_t kSignatureBytes = 8;
  constexpr std::size_t kFipsBytes = 4;
  Cursor in{bytes};
  const auto header = read_fast_path_header(in);
  const bool reserved = !from_client && header.number_events != 0;
  if ((to_u8(bytes[0]) & 3U) != 0 || !header.encrypted || reserved) { return {}; }
  if (!in.ok()) { return {.guess = Guess::kMore}; }
  const bool fips = form == EncryptedForm::kFips;
  const auto around = in.offset() + kSignatureBytes + (fips ? kFipsBytes : 0);
  if (header.length <= around || header.length > (from_client ? kMostInput : kMostOutput)) {
    return {};
  }
  const auto content = header.length - around;
  if (fips) {
    const auto information = is_fips_information(in.rest());
    if (content % 8 != 0) { return {}; }
    return {.guess = information, .size = header.length};
  }
  if (from_client && !fits_events(content, header.number_events)) { return {}; }
  return {.guess = Guess::kYes, .size = header.length};
}

Guess begins_pdus(ByteView bytes, bool from_client, EncryptedForm form) {
  std::size_t at = 0;
  for (int pdu = 0; pdu < kChain; ++pdu) {
    if (at >= bytes.size()) { return Guess::kMore; }
    const auto rest = bytes.subspan(at);
    const auto tpdu = is_data_tpdu(rest);
    if (tpdu != Guess::kNo) { return tpdu; }
    const auto fast_path = is_encrypted_fast_path(rest, from_client, form);
    if (fast_path.guess != Guess::kYes) { return fast_path.guess; }
    at += fast_path.size;
  }
  return Guess::kYes;
}

}  // namespace

NextPdu find_next_pdu(ByteView bytes, bool from_client, EncryptedForm form) {
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    const auto guess = begins_pdus(bytes.subspan(at), from_client, form);
    if (guess != Guess::kNo) { return {.before = at, .found = guess == Guess::kYes}; }
  }
  return {.before = bytes.size(), .found = false};
}

}  // namespace remora::rdp
