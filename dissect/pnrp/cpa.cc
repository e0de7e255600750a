#include "dissect/pnrp/cpa.h"

#include <algorithm>
#include <cstdint>

namespace remora::pnrp {
namespace {

// Flags of [MS-PNRP] 2.2.3.1.
constexpr std::uint8_t kHasClassifier = 0x08;
constexpr std::uint8_t kHasAuthority = 0x04;
constexpr std::uint8_t kRevoked = 0x01;

constexpr std::uint8_t kMajorVersion = 2;

template <std::size_t kSize>
std::array<std::byte, kSize> read_array(Cursor& in, const char* field) {
  std::array<std::byte, kSize> value{};
  std::ranges::copy(in.bytes(kSize, field), value.begin());
  return value;
}

}  // namespace

Cpa read_cpa(Cursor& in) {
  Cpa cpa;
  in.skip(3, "CPA Length and Cpa MinorVersion");
  in.expect_u8(kMajorVersion, "Cpa MajorVersion");
  in.skip(2, "PNRP version");
  const auto flags = in.u8("flags");
  in.skip(9, "Reserved and Not After");
  cpa.revoked = (flags & kRevoked) != 0;
  cpa.service_location = read_array<16>(in, "Service Location");
  std::ranges::reverse(cpa.service_location);
  in.skip(16, "Nonce");
  if ((flags & kHasAuthority) != 0) {
    cpa.authority = read_array<20>(in, "BinaryAuthority");
    std::ranges::reverse(cpa.authority);
  }
  if ((flags & kHasClassifier) != 0) { cpa.classifier_hash = read_array<20>(in, "ClassifierHash"); }
  return cpa;
}

std::optional<PnrpId> Cpa::id() const {
  if (!classifier_hash.has_value()) { return std::nullopt; }
  return make_pnrp_id(*classifier_hash, authority, service_location);
}

}  // namespace remora::pnrp
