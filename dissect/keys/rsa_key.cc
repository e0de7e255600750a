#include "dissect/keys/rsa_key.h"

#include <algorithm>
#include <memory>
#include <span>
#include <string>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "dissect/encoding/hex.h"
#include "dissect/encoding/openssl.h"

namespace remora::keys {
namespace {

using encoding::Freed;
using encoding::raw;

using Number = std::unique_ptr<BIGNUM, Freed<BN_clear_free>>;
using Scratch = std::unique_ptr<BN_CTX, Freed<BN_CTX_free>>;
using Source = std::unique_ptr<BIO, Freed<BIO_free>>;
using AnyKey = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;

Number to_number(ByteView big_endian) {
  Number number{BN_secure_new()};
  if (number == nullptr ||
      BN_bin2bn(raw(big_endian), static_cast<int>(big_endian.size()), number.get()) == nullptr) {
    return nullptr;
  }
  return number;
}

std::vector<std::byte> to_bytes(const BIGNUM* number) {
  std::vector<std::byte> bytes(static_cast<std::size_t>(BN_num_bytes(number)));
  bytes.resize(static_cast<std::size_t>(BN_bn2bin(number, raw(std::span{bytes}))));
  return bytes;
}

Secret to_secret(const BIGNUM* number) {
  auto bytes = to_bytes(number);
  Secret secret{bytes};
  wipe(bytes);
  return secret;
}

std::uint32_t u32le(ByteView bytes, std::size_t at) {
  return to_u8(bytes[at]) | static_cast<std::uint32_t>(to_u8(bytes[at + 1])) << 8U |
         static_cast<std::uint32_t>(to_u8(bytes[at + 2])) << 16U |
         static_cast<std::uint32_t>(to_u8(bytes[at + 3])) << 24U;
}

/// Little-endian to big-endian, without what is zero above.
std::vector<std::byte> turned(ByteView little_endian) {
  std::vector<std::byte> bytes{little_endian.rbegin(), little_endian.rend()};
  bytes.erase(bytes.begin(),
              std::ranges::find_if(bytes, [](std::byte b) { return b != std::byte{0}; }));
  return bytes;
}

std::optional<RsaKey> made(std::vector<std::byte> modulus, std::vector<std::byte> exponent) {
  std::optional<RsaKey> key;
  if (modulus.size() >= 32 && modulus.size() <= RsaKey::kMaxModulusBytes && !exponent.empty() &&
      exponent.size() <= modulus.size()) {
    key = RsaKey{.modulus = std::move(modulus), .private_exponent = Secret{exponent}};
  }
  wipe(exponent);
  return key;
}

/// protocols-rdp.md 3.9: a BSAFE private key. The private exponent stands last but for zeros.
std::optional<RsaKey> read_bsafe(ByteView blob) {
  constexpr std::size_t kHeaderBytes = 20;
  if (blob.size() < kHeaderBytes || as_text(blob.first(4)) != "RSA2") { return {}; }
  const auto bits = u32le(blob, 8);
  const std::size_t bytes = bits / 8;
  const std::size_t parts = 5 * (bytes / 2 + 4);
  if (bits % 16 != 0 || bytes > RsaKey::kMaxModulusBytes ||
      blob.size() < kHeaderBytes + 2 * (bytes + 8) + parts) {
    return {};
  }
  return made(turned(blob.subspan(kHeaderBytes, bytes)),
              turned(blob.subspan(kHeaderBytes + bytes + 8 + parts, bytes)));
}

/// Hex digits with anything but letters between them; empty where there is something else.
std::vector<std::byte> from_hex(std::string_view text) {
  std::vector<std::byte> bytes;
  bytes.reserve(text.size() / 2);
  std::optional<std::uint8_t> high;
  for (const char c : text) {
    const auto value = encoding::hex_digit(c);
    if (!value.has_value()) {
      if (std::string_view{" \t\r\n:,"}.find(c) == std::string_view::npos) { return {}; }
      continue;
    }
    if (high.has_value()) {
      bytes.push_back(static_cast<std::byte>(*high << 4U | *value));
      high.reset();
    } else {
      high = value;
    }
  }
  return bytes;
}

/// The numbers behind `name=` in xrdp's rsakeys.ini: "0x12,0x34", little-endian.
std::vector<std::byte> ini_number(std::string_view text, std::string_view name) {
  for (std::size_t at = text.find(name); at != std::string_view::npos;
       at = text.find(name, at + 1)) {
    if (at > 0 && text[at - 1] != '\n') { continue; }
    auto line = text.substr(at + name.size());
    line = line.substr(0, std::min(line.find('\n'), line.size()));
    std::vector<std::byte> bytes;
    bytes.reserve(line.size() / 5 + 1);
    for (auto byte = line.find("0x"); byte != std::string_view::npos;
         byte = line.find("0x", byte + 1)) {
      const auto high = byte + 2 < line.size() ? encoding::hex_digit(line[byte + 2]) : std::nullopt;
      if (!high.has_value()) { return {}; }
      const auto low = byte + 3 < line.size() ? encoding::hex_digit(line[byte + 3]) : std::nullopt;
      bytes.push_back(static_cast<std::byte>(low.has_value() ? *high << 4U | *low : *high));
    }
    std::vector<std::byte> result = turned(bytes);
    wipe(bytes);
    return result;
  }
  return {};
}

std::optional<RsaKey> read_ini(std::string_view text) {
  return made(ini_number(text, "pub_mod="), ini_number(text, "pri_exp="));
}

int give_passphrase(char* buffer, int size, int /*writing*/, void* given) {
  const auto passphrase = *static_cast<const std::string_view*>(given);
  if (passphrase.empty() || passphrase.size() > static_cast<std::size_t>(size)) { return -1; }
  std::ranges::copy(passphrase, buffer);
  return static_cast<int>(passphrase.size());
}

std::optional<RsaKey> from_openssl(const EVP_PKEY* any) {
  BIGNUM* modulus = nullptr;
  BIGNUM* exponent = nullptr;
  const bool both = EVP_PKEY_get_bn_param(any, OSSL_PKEY_PARAM_RSA_N, &modulus) == 1 &&
                    EVP_PKEY_get_bn_param(any, OSSL_PKEY_PARAM_RSA_D, &exponent) == 1;
  const Number n{modulus};
  const Number d{exponent};
  if (!both) { return {}; }
  return RsaKey{.modulus = to_bytes(n.get()), .private_exponent = to_secret(d.get())};
}

/// PKCS #1 and PKCS #8, PEM and DER, as OpenSSL reads them.
std::optional<RsaKey> read_openssl(ByteView file, std::string_view passphrase) {
  const Source source{BIO_new_mem_buf(file.data(), static_cast<int>(file.size()))};
  if (source == nullptr) { return {}; }
  EVP_PKEY* key = PEM_read_bio_PrivateKey(source.get(), nullptr, give_passphrase, &passphrase);
  if (key == nullptr) {
    const unsigned char* at = raw(file);
    key = d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(file.size()));
  }
  ERR_clear_error();
  const AnyKey owned{key};
  return key == nullptr ? std::nullopt : from_openssl(key);
}

}  // namespace

Secret open_raw(const RsaKey& key, ByteView ciphertext) {
  const auto size = key.modulus.size();
  const auto modulus = to_number(key.modulus);
  const auto exponent = to_number(key.private_exponent.bytes());
  const auto sealed = to_number(ciphertext);
  const Number opened{BN_secure_new()};
  const Scratch scratch{BN_CTX_secure_new()};
  if (!modulus || !exponent || !sealed || !opened || !scratch || BN_is_odd(modulus.get()) == 0 ||
      BN_cmp(sealed.get(), modulus.get()) >= 0) {
    return {};
  }
  BN_set_flags(exponent.get(), BN_FLG_CONSTTIME);
  if (BN_mod_exp_mont_consttime(opened.get(), sealed.get(), exponent.get(), modulus.get(),
                                scratch.get(), nullptr) != 1) {
    ERR_clear_error();
    return {};
  }
  std::vector<std::byte> bytes(size);
  if (BN_bn2binpad(opened.get(), raw(std::span{bytes}), static_cast<int>(size)) < 0) { return {}; }
  Secret secret{bytes};
  wipe(bytes);
  return secret;
}

ReadKey read_rsa_key(ByteView file, std::string_view passphrase) {
  if (auto key = read_bsafe(file)) { return {.key = std::move(key), .why = {}}; }
  const auto text = as_text(file);
  if (text.find("pri_exp=") != std::string_view::npos) {
    auto key = read_ini(text);
    return {.key = std::move(key),
            .why = "rsakeys.ini without pub_mod= and pri_exp= that fit together"};
  }
  if (text.starts_with("52534132")) {  // "RSA2"
    auto blob = from_hex(text);
    auto key = read_bsafe(blob);
    wipe(blob);
    return {.key = std::move(key), .why = "hex of an RSA2 blob that is cut short or damaged"};
  }
  if (auto key = read_openssl(file, passphrase)) { return {.key = std::move(key), .why = {}}; }
  if (text.find("ENCRYPTED") != std::string_view::npos) {
    return {.key = {}, .why = "encrypted: the passphrase is missing or does not fit"};
  }
  return {.key = {}, .why = "no RSA private key in PEM, DER, RSA2 or rsakeys.ini form"};
}

}  // namespace remora::keys
