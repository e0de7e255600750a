#include "dissect/rdp/security/fips_direction.h"

#include <algorithm>

#include "dissect/encoding/openssl.h"

namespace remora::rdp {

using encoding::raw;

namespace {

/// 5.3.6.2.
constexpr std::array kFirstChain{std::byte{0x12}, std::byte{0x34}, std::byte{0x56},
                                 std::byte{0x78}, std::byte{0x90}, std::byte{0xab},
                                 std::byte{0xcd}, std::byte{0xef}};

/// Of an encrypted PDU: fast path with a length of one byte, FIPS information, signature, a block.
constexpr std::uint64_t kLeastPdu = 22;

}  // namespace

FipsDirection::FipsDirection(ByteView key, ByteView mac_key)
    : cipher_{EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free}, mac_{mac_key}, chain_{kFirstChain} {
  abandoned_ = cipher_ == nullptr ||
               EVP_DecryptInit_ex2(cipher_.get(), EVP_des_ede3_cbc(), raw(key), raw(kFirstChain),
                                   nullptr) != 1 ||
               EVP_CIPHER_CTX_set_padding(cipher_.get(), 0) != 1;
}

void FipsDirection::lose(std::uint64_t bytes) {
  if (bytes == 0 || abandoned_) { return; }
  if (!lost_.has_value()) { tries_ = 0; }
  lost_ = lost_.value_or(0) + std::min(bytes, kMaxNumbers * kLeastPdu);
  chain_.reset();
}

bool FipsDirection::decrypt(ByteView data, std::span<std::byte> plaintext) {
  int written = 0;
  return EVP_DecryptInit_ex2(cipher_.get(), nullptr, nullptr, raw(ByteView{*chain_}), nullptr) ==
             1 &&
         EVP_DecryptUpdate(cipher_.get(), raw(plaintext), &written, raw(data),
                           static_cast<int>(data.size())) == 1 &&
         static_cast<std::size_t>(written) == data.size();
}

Opened FipsDirection::open(const SealedData& pdu, std::span<std::byte> plaintext) {
  if (abandoned_) { return Opened::kAbandoned; }
  if (pdu.data.size() < kBlockBytes || pdu.data.size() % kBlockBytes != 0 ||
      pdu.fips_padding >= kBlockBytes) {
    lose(pdu.pdu_bytes);
    return Opened::kUnplaced;
  }
  const bool chained = chain_.has_value();
  if (chained && !decrypt(pdu.data, plaintext)) {
    abandoned_ = true;
    return Opened::kAbandoned;
  }
  std::ranges::copy(pdu.data.last(kBlockBytes), chain_.emplace().begin());
  const auto text = ByteView{plaintext}.first(plaintext.size() - pdu.fips_padding);
  return lost_.has_value() ? open_lost(pdu, text, chained) : open_in_step(pdu, text);
}

Opened FipsDirection::open_in_step(const SealedData& pdu, ByteView plaintext) {
  const PduNumbers number{.low = number_, .high = number_};
  ++number_;
  if (mac_.number_of(plaintext, pdu.signature, number).has_value()) {
    was_right_ = true;
    wrong_ = 0;
    return Opened::kRight;
  }
  if (!was_right_ && is_plausible(pdu, plaintext, plaintext.size())) { return Opened::kUnsigned; }
  if (++wrong_ >= kMaxWrong) { abandoned_ = true; }
  return abandoned_ ? Opened::kAbandoned : Opened::kWrong;
}

Opened FipsDirection::open_lost(const SealedData& pdu, ByteView plaintext, bool chained) {
  if (chained && is_plausible(pdu, plaintext, plaintext.size())) {
    const auto most = std::min(*lost_ / kLeastPdu + 1, kMaxNumbers);
    const PduNumbers numbers{.low = number_, .high = number_ + most};
    if (const auto number = mac_.number_of(plaintext, pdu.signature, numbers)) {
      was_right_ = true;
      wrong_ = 0;
      number_ = *number + 1;
      lost_.reset();
      return Opened::kRight;
    }
  }
  // Perhaps it only showed the block before the next one.
  lost_ = *lost_ + pdu.pdu_bytes;
  abandoned_ = ++tries_ >= kMaxTries;
  return abandoned_ ? Opened::kAbandoned : Opened::kUnplaced;
}

}  // namespace remora::rdp
