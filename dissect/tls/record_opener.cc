#include "dissect/tls/record_opener.h"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/params.h>

namespace remora::tls {

using encoding::Freed;
using encoding::raw;

namespace {

constexpr std::size_t kExplicitNonceBytes = 8;  // RFC 5288 3

void put_u64(std::uint64_t value, std::byte* to) {
  for (int at = 0; at < 8; ++at) { to[at] = static_cast<std::byte>(value >> (56 - 8 * at)); }
}

/// seq_num | type | version | length, RFC 5246 6.2.3.1 and 6.2.3.3.
std::array<std::byte, 13> pseudo_header(std::uint64_t sequence, const RecordHeader& header,
                                        std::size_t length) {
  std::array<std::byte, 13> bytes{};
  put_u64(sequence, bytes.data());
  bytes[8] = static_cast<std::byte>(header.type);
  bytes[9] = static_cast<std::byte>(header.version >> 8U);
  bytes[10] = static_cast<std::byte>(header.version);
  bytes[11] = static_cast<std::byte>(length >> 8U);
  bytes[12] = static_cast<std::byte>(length);
  return bytes;
}

/// iv XOR sequence number, RFC 8446 5.3 and RFC 7905 2.
std::array<std::byte, kNonceBytes> mixed_nonce(ByteView iv, std::uint64_t sequence) {
  std::array<std::byte, kNonceBytes> nonce{};
  put_u64(sequence, nonce.data() + 4);
  for (std::size_t at = 0; at < nonce.size(); ++at) { nonce.at(at) ^= iv[at]; }
  return nonce;
}

}  // namespace

std::unique_ptr<RecordOpener> RecordOpener::make(RecordKeys keys) {
  std::unique_ptr<RecordOpener> opener{new RecordOpener{std::move(keys)}};
  const bool good = opener->set_up();
  if (!good) { ERR_clear_error(); }
  return good ? std::move(opener) : nullptr;
}

bool RecordOpener::set_up() {
  const auto& protection = keys_.protection;
  if (keys_.key.bytes().size() != protection.key_bytes ||
      keys_.iv.bytes().size() != protection.fixed_iv_bytes) {
    return false;
  }
  if (!protection.is_aead() && !set_up_hmac()) { return false; }
  if (protection.mode == Protection::Mode::kStream) {
    stream_.emplace(keys_.key.bytes());
    return true;
  }
  const std::unique_ptr<EVP_CIPHER, Freed<&EVP_CIPHER_free>> method{
      EVP_CIPHER_fetch(nullptr, protection.cipher, nullptr)};
  cipher_.reset(EVP_CIPHER_CTX_new());
  if (method == nullptr || cipher_ == nullptr) { return false; }
  auto* context = cipher_.get();
  if (EVP_DecryptInit_ex(context, method.get(), nullptr, nullptr, nullptr) != 1) { return false; }
  using Mode = Protection::Mode;
  if (protection.is_aead() &&
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_IVLEN, kNonceBytes, nullptr) != 1) {
    return false;
  }
  if (protection.mode == Mode::kCcm &&
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(protection.mac_bytes),
                          nullptr) != 1) {
    return false;
  }
  if (protection.mode == Mode::kCbc && EVP_CIPHER_CTX_set_padding(context, 0) != 1) {
    return false;
  }
  const auto iv = keys_.iv.bytes();
  chained_iv_.assign(iv.begin(), iv.end());
  return EVP_DecryptInit_ex(context, nullptr, nullptr, raw(keys_.key.bytes()), nullptr) == 1;
}

bool RecordOpener::set_up_hmac() {
  const std::unique_ptr<EVP_MAC, Freed<&EVP_MAC_free>> method{
      EVP_MAC_fetch(nullptr, "HMAC", nullptr)};
  if (method == nullptr) { return false; }
  hmac_.reset(EVP_MAC_CTX_new(method.get()));
  std::string digest = keys_.protection.mac;
  const std::array parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_end()};
  const auto key = keys_.mac.bytes();
  return hmac_ != nullptr &&
         EVP_MAC_init(hmac_.get(), raw(key), key.size(), parameters.data()) == 1;
}

bool RecordOpener::survives_loss() const {
  const auto mode = keys_.protection.mode;
  return mode != Protection::Mode::kStream &&
         (mode != Protection::Mode::kCbc || keys_.version >= kTls11);
}

std::optional<RecordOpener::Opened> RecordOpener::open(const RecordHeader& header, ByteView body) {
  std::optional<ByteView> content;
  switch (keys_.protection.mode) {
    case Protection::Mode::kCbc:
      content = open_cbc(header, body);
      break;
    case Protection::Mode::kStream:
      content = open_stream(header, body);
      break;
    default:
      content = open_aead(header, body);
  }
  if (!content.has_value()) { return {}; }
  Opened opened{.type = header.type, .plaintext = *content};
  if (keys_.version >= kTls13) {
    // TLSInnerPlaintext: the type stands last, before zeros of padding, RFC 8446 5.4.
    auto size = content->size();
    while (size > 0 && (*content)[size - 1] == std::byte{0}) { --size; }
    if (size == 0) { return {}; }
    opened = {.type = static_cast<ContentType>((*content)[size - 1]),
              .plaintext = content->first(size - 1)};
  }
  ++sequence_;
  return opened;
}

std::optional<RecordOpener::Opened> RecordOpener::open_numbered(const RecordHeader& header,
                                                                std::uint64_t number,
                                                                ByteView body) {
  sequence_ = number;
  return open(header, body);
}

std::optional<ByteView> RecordOpener::open_aead(const RecordHeader& header, ByteView body) {
  const auto& protection = keys_.protection;
  const auto iv = keys_.iv.bytes();
  const bool explicit_nonce = iv.size() < kNonceBytes;
  const auto overhead = protection.mac_bytes + (explicit_nonce ? kExplicitNonceBytes : 0);
  if (body.size() < overhead) { return {}; }
  const auto tag = body.last(protection.mac_bytes);
  auto sealed = body.first(body.size() - protection.mac_bytes);

  std::array<std::byte, kNonceBytes> nonce{};
  if (explicit_nonce) {
    const auto behind = std::ranges::copy(iv, nonce.begin()).out;
    std::ranges::copy(sealed.first(kExplicitNonceBytes), behind);
    sealed = sealed.subspan(kExplicitNonceBytes);
  } else {
    nonce = mixed_nonce(iv, sequence_);
  }
  auto additional = pseudo_header(sequence_, header, sealed.size());
  ByteView additional_bytes = additional;
  if (keys_.version >= kTls13) {  // the record's own header, RFC 8446 5.2
    additional = pseudo_header(sequence_, header, body.size());
    additional_bytes = additional_bytes.subspan(8);
  }
  if (!open_aead_body(nonce, additional_bytes, sealed, tag)) {
    ERR_clear_error();
    return {};
  }
  return ByteView{plaintext_}.first(sealed.size());
}

bool RecordOpener::open_aead_body(ByteView nonce, ByteView additional, ByteView sealed,
                                  ByteView tag) {
  if (plaintext_.size() < sealed.size()) { plaintext_.resize(sealed.size()); }
  auto* context = cipher_.get();
  const bool ccm = keys_.protection.mode == Protection::Mode::kCcm;
  int size = 0;
  // OpenSSL takes the tag as something that it might write to; it does not.
  auto* expected = const_cast<std::byte*>(  // NOLINT(cppcoreguidelines-pro-type-const-cast)
      tag.data());
  if (EVP_DecryptInit_ex(context, nullptr, nullptr, nullptr, raw(nonce)) != 1 ||
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag.size()), expected) !=
          1) {
    return false;
  }
  if (ccm &&
      EVP_DecryptUpdate(context, nullptr, &size, nullptr, static_cast<int>(sealed.size())) != 1) {
    return false;
  }
  if (EVP_DecryptUpdate(context, nullptr, &size, raw(additional),
                        static_cast<int>(additional.size())) != 1) {
    return false;
  }
  if (EVP_DecryptUpdate(context, raw(std::span{plaintext_}), &size, raw(sealed),
                        static_cast<int>(sealed.size())) != 1) {
    return false;
  }
  return ccm || EVP_DecryptFinal_ex(context, raw(std::span{plaintext_}) + size, &size) == 1;
}

bool RecordOpener::decrypt(ByteView sealed) {
  if (plaintext_.size() < sealed.size()) { plaintext_.resize(sealed.size()); }
  int size = 0;
  return EVP_DecryptUpdate(cipher_.get(), raw(std::span{plaintext_}), &size, raw(sealed),
                           static_cast<int>(sealed.size())) == 1 &&
         static_cast<std::size_t>(size) == sealed.size();
}

/// RFC 5246 6.2.3.2, RFC 7366 3. What is wrong here is told to nobody who could learn from how long
/// it took.
std::optional<ByteView> RecordOpener::open_cbc(const RecordHeader& header, ByteView body) {
  const auto mac_bytes = keys_.protection.mac_bytes;
  const auto block = static_cast<std::size_t>(EVP_CIPHER_CTX_get_block_size(cipher_.get()));
  auto sealed = body;
  if (keys_.encrypt_then_mac) {
    if (sealed.size() < mac_bytes) { return {}; }
    sealed = sealed.first(sealed.size() - mac_bytes);
    if (!is_authentic(header, sealed, body.last(mac_bytes))) { return {}; }
  }
  auto iv = ByteView{chained_iv_};
  if (keys_.version >= kTls11) {
    if (sealed.size() < block) { return {}; }
    iv = sealed.first(block);
    sealed = sealed.subspan(block);
  }
  if (sealed.empty() || sealed.size() % block != 0 || iv.size() != block ||
      EVP_DecryptInit_ex(cipher_.get(), nullptr, nullptr, nullptr, raw(iv)) != 1 ||
      !decrypt(sealed)) {
    ERR_clear_error();
    return {};
  }
  const auto whole = ByteView{plaintext_}.first(sealed.size());
  const std::size_t padding = to_u8(whole.back());
  const auto behind = padding + 1 + (keys_.encrypt_then_mac ? 0 : mac_bytes);
  if (behind > whole.size()) { return {}; }
  const auto content = whole.first(whole.size() - behind);
  if (!keys_.encrypt_then_mac &&
      !is_authentic(header, content, whole.subspan(content.size(), mac_bytes))) {
    return {};
  }
  if (keys_.version < kTls11) {
    const auto last = sealed.last(block);
    chained_iv_.assign(last.begin(), last.end());
  }
  return content;
}

std::optional<ByteView> RecordOpener::open_stream(const RecordHeader& header, ByteView body) {
  const auto mac_bytes = keys_.protection.mac_bytes;
  if (body.size() < mac_bytes) { return {}; }
  if (plaintext_.size() < body.size()) { plaintext_.resize(body.size()); }
  stream_->apply(body, plaintext_);
  const auto whole = ByteView{plaintext_}.first(body.size());
  const auto content = whole.first(whole.size() - mac_bytes);
  if (!is_authentic(header, content, whole.last(mac_bytes))) { return {}; }
  return content;
}

bool RecordOpener::is_authentic(const RecordHeader& header, ByteView content, ByteView mac) const {
  const auto start = pseudo_header(sequence_, header, content.size());
  std::array<std::byte, EVP_MAX_MD_SIZE> made{};
  std::size_t size = 0;
  auto* hmac = hmac_.get();
  return EVP_MAC_init(hmac, nullptr, 0, nullptr) == 1 &&  // with the key that it has
         EVP_MAC_update(hmac, raw(start), start.size()) == 1 &&
         EVP_MAC_update(hmac, raw(content), content.size()) == 1 &&
         EVP_MAC_final(hmac, raw(std::span<std::byte>{made}), &size, made.size()) == 1 &&
         std::ranges::equal(ByteView{made}.first(size), mac);
}

}  // namespace remora::tls
