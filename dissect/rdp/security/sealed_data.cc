#include "dissect/rdp/security/sealed_data.h"

#include <algorithm>
#include <array>

#include "capture/base/cursor.h"
#include "dissect/rdp/fast_path.h"
#include "dissect/rdp/licensing.h"
#include "dissect/rdp/share/share_control.h"

namespace remora::rdp {
namespace {

std::size_t u16le(ByteView bytes, std::size_t at) {
  return to_u8(bytes[at]) | static_cast<std::size_t>(to_u8(bytes[at + 1])) << 8U;
}

bool is_share_type(std::size_t pdu_type) {
  constexpr std::array kTypes{SharePduType::kDemandActive, SharePduType::kConfirmActive,
                              SharePduType::kDeactivateAll, SharePduType::kData,
                              SharePduType::kServerRedirect};
  const auto version = pdu_type >> 4U;
  const SharePduType type{static_cast<std::uint8_t>(pdu_type & 0x0fU)};
  return (version == 1 || (version == 0 && type == SharePduType::kServerRedirect)) &&
         std::ranges::find(kTypes, type) != kTypes.end();
}

/// A chain of share control PDUs that fills them.
bool may_be_share(ByteView first, std::size_t size) {
  constexpr std::size_t kFlow = 0x8000;
  constexpr std::size_t kFlowBytes = 8;
  std::size_t at = 0;
  while (at < size) {
    if (size - at < 4) { return false; }
    if (first.size() < at + 4) { return true; }
    const auto length = u16le(first, at);
    const auto step = length == kFlow ? kFlowBytes : length;
    if (step < 4 || step > size - at) { return false; }
    if (length != kFlow && !is_share_type(u16le(first, at + 2))) { return false; }
    at += step;
  }
  return size > 0;
}

/// CHANNEL_PDU_HEADER, [MS-RDPBCGR] 2.2.6.1.1: bits that are none, and a message of a size that no
/// channel carries.
bool may_be_chunk(ByteView first, std::size_t size) {
  constexpr std::size_t kHeaderBytes = 8;
  constexpr std::size_t kMostMessage = std::size_t{1} << 28U;
  constexpr std::size_t kNoFlags = 0xff10ff0c;
  if (size < kHeaderBytes) { return false; }
  if (first.size() < kHeaderBytes) { return true; }
  const auto length = u16le(first, 0) | u16le(first, 2) << 16U;
  const auto flags = u16le(first, 4) | u16le(first, 6) << 16U;
  return length <= kMostMessage && (flags & kNoFlags) == 0;
}

bool may_be_licensing(ByteView first, std::size_t size) {
  constexpr std::array kTypes{LicenseMessageType::kLicenseRequest,
                              LicenseMessageType::kPlatformChallenge,
                              LicenseMessageType::kNewLicense,
                              LicenseMessageType::kUpgradeLicense,
                              LicenseMessageType::kLicenseInfo,
                              LicenseMessageType::kNewLicenseRequest,
                              LicenseMessageType::kPlatformChallengeResponse,
                              LicenseMessageType::kErrorAlert};
  if (size < 4) { return false; }
  if (first.size() < 4) { return true; }
  const LicenseMessageType type{to_u8(first[0])};
  return std::ranges::find(kTypes, type) != kTypes.end() && u16le(first, 2) <= size;
}

/// 2.2.1.11.1: five lengths that fit, and flags of which the upper six are none.
bool may_be_client_info(ByteView first, std::size_t size) {
  constexpr std::size_t kFixedBytes = 18;
  constexpr unsigned kNoFlags = 0xfc;
  if (size < kFixedBytes) { return false; }
  if (first.size() < kFixedBytes) { return true; }
  std::size_t texts = 0;
  for (std::size_t at = 8; at < kFixedBytes; at += 2) { texts += u16le(first, at); }
  return (to_u8(first[7]) & kNoFlags) == 0 && kFixedBytes + texts <= size;
}

/// 2.2.13.1: Flags is SEC_REDIRECTION_PKT.
bool may_be_redirection(ByteView first, std::size_t size) {
  constexpr std::size_t kFlags = 0x0400;
  if (size < 12) { return false; }
  if (first.size() < 4) { return true; }
  return u16le(first, 0) == kFlags && u16le(first, 2) <= size;
}

}  // namespace

bool is_plausible(const SealedData& sealed, ByteView first, std::size_t size) {
  switch (sealed.kind) {
    case SealedKind::kShare:
      return may_be_share(first, size);
    case SealedKind::kChunk:
      return may_be_chunk(first, size);
    case SealedKind::kLicensing:
      return may_be_licensing(first, size);
    case SealedKind::kClientInfo:
      return may_be_client_info(first, size);
    case SealedKind::kRedirection:
      return may_be_redirection(first, size);
    case SealedKind::kInput:
      return may_be_fast_path_input(first, size, sealed.number_events);
    case SealedKind::kOutput:
      return may_be_fast_path_output(first, size);
    case SealedKind::kUnknown:
      break;
  }
  return true;
}

}  // namespace remora::rdp
