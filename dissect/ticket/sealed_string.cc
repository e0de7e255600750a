#include "dissect/ticket/sealed_string.h"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>

#include <openssl/evp.h>

#include "dissect/encoding/digest.h"
#include "dissect/encoding/hex.h"
#include "dissect/ticket/text_form.h"

namespace remora::ticket {
namespace {

constexpr std::size_t kKeyBytes = 16;
using Key = std::array<std::byte, kKeyBytes>;
/// "<E>" in UTF-16LE: every plaintext begins with it.
constexpr std::array kPlainStart{std::byte{0x3c}, std::byte{0},    std::byte{0x45},
                                 std::byte{0},    std::byte{0x3e}, std::byte{0}};

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

unsigned char* raw(std::byte* bytes) {
  return reinterpret_cast<unsigned char*>(bytes);
}
const unsigned char* raw(const std::byte* bytes) {
  return reinterpret_cast<const unsigned char*>(bytes);
}

/// UTF-8 of a password as UTF-16LE; what is no UTF-8 is taken byte by byte.
std::vector<std::byte> to_utf16le(std::string_view utf8) {
  std::vector<std::byte> out;
  out.reserve(utf8.size() * 2);
  const auto add = [&out](std::uint32_t unit) {
    out.push_back(static_cast<std::byte>(unit & 0xffU));
    out.push_back(static_cast<std::byte>((unit >> 8U) & 0xffU));
  };
  while (!utf8.empty()) {
    const auto character = first_character(utf8);
    utf8.remove_prefix(character.size);
    if (character.value < 0x10000) {
      add(character.value);
    } else {
      add(0xd800U + ((character.value - 0x10000U) >> 10U));
      add(0xdc00U + ((character.value - 0x10000U) & 0x3ffU));
    }
  }
  return out;
}

/// CryptDeriveKey for 128 bits of a SHA-1: the digest of the hash under the first of HMAC's two
/// masks; the second would give what is not needed.
Key derive_key(std::string_view password) {
  constexpr std::byte kMask{0x36};
  auto wide = to_utf16le(password);
  auto hash = encoding::sha1(wide);
  std::array<std::byte, 64> masked{};
  masked.fill(kMask);
  std::ranges::transform(hash, masked.begin(), [](std::byte b) { return b ^ kMask; });
  auto digest = encoding::sha1(masked);
  Key key{};
  std::copy_n(digest.begin(), key.size(), key.begin());
  keys::wipe(wide);
  keys::wipe(hash);
  keys::wipe(masked);
  keys::wipe(digest);
  return key;
}

/// Empty when the padding is wrong.
std::optional<std::vector<std::byte>> decrypt(ByteView sealed, const Key& key, bool padded) {
  const CipherContext context{EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free};
  const std::array<unsigned char, kSealedBlockBytes> zeros{};
  if (context == nullptr || sealed.size() > std::numeric_limits<int>::max() ||
      EVP_DecryptInit_ex(context.get(), EVP_aes_128_cbc(), nullptr, raw(key.data()),
                         zeros.data()) != 1) {
    return std::nullopt;
  }
  if (EVP_CIPHER_CTX_set_padding(context.get(), padded ? 1 : 0) != 1) { return {}; }
  std::vector<std::byte> plain(sealed.size() + kSealedBlockBytes);
  int size = 0;
  int last = 0;
  const bool good = EVP_DecryptUpdate(context.get(), raw(plain.data()), &size, raw(sealed.data()),
                                      static_cast<int>(sealed.size())) == 1 &&
                    EVP_DecryptFinal_ex(context.get(), raw(plain.data()) + size, &last) == 1;
  if (!good) {
    keys::wipe(plain);
    return std::nullopt;
  }
  plain.resize(static_cast<std::size_t>(size) + static_cast<std::size_t>(last));
  return plain;
}

bool fits(ByteView sealed, const Key& key) {
  const auto start = decrypt(sealed.first(kSealedBlockBytes), key, false);
  return start.has_value() && start->size() >= kPlainStart.size() &&
         std::equal(kPlainStart.begin(), kPlainStart.end(), start->begin());
}

}  // namespace

std::optional<std::vector<std::byte>> read_hex(std::string_view digits) {
  if (digits.size() % 2 != 0) { return std::nullopt; }
  std::vector<std::byte> bytes;
  bytes.reserve(digits.size() / 2);
  for (std::size_t at = 0; at < digits.size(); at += 2) {
    const auto byte = encoding::hex_byte(digits[at], digits[at + 1]);
    if (!byte.has_value()) { return std::nullopt; }
    bytes.push_back(std::byte{*byte});
  }
  return bytes;
}

OpenedString open_sealed_string(ByteView sealed, const keys::KeyRing& keys) {
  if (sealed.size() < kSealedBlockBytes) { return {}; }
  for (const auto& password : keys.ticket_passwords()) {
    auto key = derive_key(password.text());
    if (fits(sealed, key)) {
      auto plain = decrypt(sealed, key, true);
      keys::wipe(key);
      if (!plain.has_value()) { return {.how = Opening::kBroken, .connection_string = {}}; }
      auto text = to_text(*plain, TextForm::kUtf16Le);
      keys::wipe(*plain);
      if (text.broken_at.has_value()) { return {.how = Opening::kBroken, .connection_string = {}}; }
      return {.how = Opening::kOpened, .connection_string = std::move(text.utf8)};
    }
    keys::wipe(key);
  }
  return {};
}

}  // namespace remora::ticket
