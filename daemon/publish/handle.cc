#include "daemon/publish/handle.h"

#include <algorithm>
#include <array>

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace remora::publish {
namespace {

constexpr std::size_t kHandleBytes = 8;
constexpr std::size_t kDigestBytes = 32;

}  // namespace

std::string handle_of(std::string_view name, ByteView key) {
  std::string folded{name};
  std::ranges::transform(folded, folded.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  std::array<unsigned char, kDigestBytes> digest{};
  const auto text = as_bytes(folded);
  unsigned size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           // The standard allows any object to be read as unsigned char.
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(),
           &size) == nullptr) {
    return {};  // left out rather than told
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string handle;
  for (std::size_t i = 0; i < kHandleBytes; ++i) {
    handle += kDigits[digest.at(i) >> 4U];
    handle += kDigits[digest.at(i) & 0xfU];
  }
  return handle;
}

bool is_handle(std::string_view text) {
  return text.size() == 2 * kHandleBytes && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

}  // namespace remora::publish
