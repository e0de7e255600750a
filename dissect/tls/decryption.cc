#include "dissect/tls/decryption.h"

#include <algorithm>
#include <utility>

#include "dissect/tls/extension.h"
#include "dissect/tls/key_schedule.h"
#include "dissect/x509/public_key.h"

namespace remora::tls {
namespace {

/// DTLS 1.0 derives as TLS 1.1 does and 1.2 as 1.2; RFC 4347 4, RFC 6347 4.
std::uint16_t as_tls(std::uint16_t version) {
  if (version == kDtls10) { return kTls11; }
  return version == kDtls12 ? kTls12 : version;
}

/// DTLS 1.3 numbers and protects records in another way, and no version of DTLS has stream ciphers,
/// RFC 6347 4.1.2.2.
bool is_read(std::uint16_t version, const Protection& protection) {
  const bool datagrams = version >> 8U == kDtls10 >> 8U;
  return !datagrams || ((version == kDtls10 || version == kDtls12) &&
                        protection.mode != Protection::Mode::kStream);
}

constexpr std::size_t kMasterBytes = 48;
/// The smallest protected record: its header, one byte, and the tag or MAC.
constexpr std::uint64_t kLeastRecordBytes = 22;

bool has_extension(const ServerHello& hello, ExtensionType type) {
  return std::ranges::find(hello.extensions, static_cast<std::uint16_t>(type)) !=
         hello.extensions.end();
}

std::vector<std::byte> joined(ByteView first, ByteView second) {
  std::vector<std::byte> both{first.begin(), first.end()};
  both.insert(both.end(), second.begin(), second.end());
  return both;
}

/// The content of an RSAES-PKCS1-v1_5 block, RFC 8017 7.2.2, if it is a premaster secret; else
/// empty.
ByteView premaster_of(ByteView block) {
  if (block.size() < kMasterBytes + 11) { return {}; }
  const auto separator = block.size() - kMasterBytes - 1;
  if (block[0] != std::byte{0} || block[1] != std::byte{2} || block[separator] != std::byte{0}) {
    return {};
  }
  const auto padding = block.subspan(2, separator - 2);
  return std::ranges::find(padding, std::byte{0}) == padding.end() ? block.last(kMasterBytes)
                                                                   : ByteView{};
}

/// Cuts a key block, RFC 5246 6.3.
class KeyBlock {
 public:
  explicit KeyBlock(ByteView bytes) : rest_{bytes} {}
  keys::Secret take(std::size_t size) {
    const auto taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return keys::Secret{taken};
  }

 private:
  ByteView rest_;
};

}  // namespace

void Decryption::on_message(HandshakeType type, ByteView message) {
  if (type == HandshakeType::kClientHello && keys_->has_rsa_keys()) { transcript_.begin(); }
  transcript_.add(message);
}

void Decryption::on_client_hello(Side from, const ClientHello& hello) {
  client_ = from;
  client_random_ = hello.random;
  offered_version_ = hello.legacy_version;
}

void Decryption::on_server_hello(const ServerHello& hello) {
  server_random_ = hello.random;
  version_ = as_tls(hello.selected_version);
  protection_ = find_protection(version_, hello.cipher_suite);
  if (protection_.has_value() && !is_read(hello.selected_version, *protection_)) {
    protection_.reset();
  }
  extended_master_secret_ = has_extension(hello, ExtensionType::kExtendedMasterSecret);
  encrypt_then_mac_ = has_extension(hello, ExtensionType::kEncryptThenMac);
  master_ = {};
  server_key_ = nullptr;
  prospect_ = Prospect::kNone;
  const bool known = protection_.has_value() && client_.has_value();
  settled_ = !known || gave_up_ || !keys_->tls().may_grow() || log_has_all();
  if (known && (settled_ || version_ < kTls13)) { find_secrets(); }
  if (prospect_ != Prospect::kOpen) { transcript_.end(); }
}

bool Decryption::awaits() {
  if (settled_) { return false; }
  if (master_.empty()) {  // else the server's key has opened it
    if (!log_has_all() && keys_->tls().may_grow()) { return true; }
    find_secrets();
  }
  settled_ = true;
  return false;
}

void Decryption::stop_awaiting() {
  gave_up_ = true;
  if (!std::exchange(settled_, true) && version_ >= kTls13) { find_secrets(); }
}

/// A log may be read between two of its lines.
bool Decryption::log_has_all() const {
  using Label = keys::TlsLabel;
  const auto has = [&](Label label) { return keys_->tls().find(label, client_random_) != nullptr; };
  if (version_ < kTls13) { return has(Label::kMasterSecret); }
  return has(Label::kClientTraffic) && has(Label::kServerTraffic);
}

bool Decryption::has_keys() const {
  return !keys_->tls().empty() ||
         (keys_->has_rsa_keys() && protection_.has_value() && protection_->rsa_key_exchange);
}

void Decryption::find_secrets() {
  using Label = keys::TlsLabel;
  const auto& log = keys_->tls();
  if (version_ < kTls13) {
    if (const auto* master = log.find(Label::kMasterSecret, client_random_)) {
      master_ = keys::Secret{master->bytes()};
      prospect_ = Prospect::kSecrets;
    } else if (protection_->rsa_key_exchange && keys_->has_rsa_keys()) {
      prospect_ = Prospect::kOpen;
    }
    return;
  }
  for (const auto side : {Side::kInitiator, Side::kAcceptor}) {
    auto& one = sides_.at(index_of(side));
    const bool client = is_client(side);
    const auto* handshake = log.find(
        client ? Label::kClientHandshakeTraffic : Label::kServerHandshakeTraffic, client_random_);
    const auto* application =
        log.find(client ? Label::kClientTraffic : Label::kServerTraffic, client_random_);
    if (application == nullptr) { continue; }
    one = {};
    one.secret = keys::Secret{application->bytes()};
    one.next = traffic_opener(application->bytes());
    one.opener = handshake != nullptr ? traffic_opener(handshake->bytes()) : nullptr;
    // Without it the records of the handshake do not open; the first that does is the
    // application's.
    if (one.opener == nullptr) { one.opener = std::move(one.next); }
    prospect_ = Prospect::kSecrets;
  }
}

std::unique_ptr<RecordOpener> Decryption::traffic_opener(ByteView secret) const {
  return RecordOpener::make(
      {.version = version_,
       .protection = *protection_,
       .encrypt_then_mac = false,
       .key = expand_label(*protection_, secret, "key", protection_->key_bytes),
       .iv = expand_label(*protection_, secret, "iv", kNonceBytes),
       .mac = {}});
}

void Decryption::on_certificate(ByteView leaf) {
  if (prospect_ != Prospect::kOpen || version_ == 0) { return; }
  server_key_ = keys_->rsa_key(x509::rsa_modulus(leaf));
  if (server_key_ == nullptr) {
    prospect_ = Prospect::kNone;
    transcript_.end();
  }
}

void Decryption::on_client_key_exchange(ByteView body) {
  if (prospect_ != Prospect::kOpen || server_key_ == nullptr) { return; }
  prospect_ = Prospect::kNone;
  Cursor in{body};
  const auto sealed = in.bytes(in.u16be("length"), "encrypted_pre_master_secret");
  const bool fits = in.ok() && sealed.size() == server_key_->modulus.size();
  if (fits && ++premasters_ <= kMaxPremasters) {
    const auto block = keys::open_raw(*server_key_, sealed);
    take_premaster(premaster_of(block.bytes()));
  }
  transcript_.end();
}

void Decryption::take_premaster(ByteView premaster) {
  if (premaster.empty() || to_u8(premaster[0]) != offered_version_ >> 8U ||
      to_u8(premaster[1]) != (offered_version_ & 0xffU)) {
    return;
  }
  if (extended_master_secret_) {  // RFC 7627 4
    master_ = prf(version_, *protection_, premaster, "extended master secret",
                  transcript_.hash(version_, *protection_), kMasterBytes);
  } else {
    master_ = prf(version_, *protection_, premaster, "master secret",
                  joined(client_random_, server_random_), kMasterBytes);
  }
  if (!master_.empty()) { prospect_ = Prospect::kSecrets; }
}

void Decryption::on_change_cipher_spec(Side from) {
  if (version_ == 0 || version_ >= kTls13) { return; }
  auto& one = sides_.at(index_of(from));
  one = {};
  if (master_.empty()) {
    // Resumed, or the message with the secret was missed: it will not come any more.
    prospect_ = Prospect::kNone;
    transcript_.end();
    return;
  }
  one.opener = master_opener(from);
}

void Decryption::forget_openers() {
  for (auto& one : sides_) { one = {}; }
}

bool Decryption::begin_epoch(Side from) {
  auto& one = sides_.at(index_of(from));
  if (one.opener == nullptr && !master_.empty()) { one.opener = master_opener(from); }
  return one.opener != nullptr;
}

/// With the keys that follow from the master secret, TLS 1.2 and before. Null where OpenSSL
/// refuses.
std::unique_ptr<RecordOpener> Decryption::master_opener(Side from) const {
  const auto& protection = *protection_;
  const auto mac = protection.is_aead() ? 0 : protection.mac_bytes;
  const auto block = prf(version_, protection, master_.bytes(), "key expansion",
                         joined(server_random_, client_random_),
                         2 * (mac + protection.key_bytes + protection.fixed_iv_bytes));
  if (block.empty()) { return nullptr; }
  KeyBlock cut{block.bytes()};
  std::array<keys::Secret, 2> macs{cut.take(mac), cut.take(mac)};
  std::array<keys::Secret, 2> ciphers{cut.take(protection.key_bytes),
                                      cut.take(protection.key_bytes)};
  std::array<keys::Secret, 2> ivs{cut.take(protection.fixed_iv_bytes),
                                  cut.take(protection.fixed_iv_bytes)};
  const std::size_t mine = is_client(from) ? 0 : 1;
  return RecordOpener::make({.version = version_,
                             .protection = protection,
                             .encrypt_then_mac = encrypt_then_mac_,
                             .key = std::move(ciphers.at(mine)),
                             .iv = std::move(ivs.at(mine)),
                             .mac = std::move(macs.at(mine))});
}

void Decryption::on_finished(Side from) {
  auto& one = sides_.at(index_of(from));
  if (version_ >= kTls13 && one.next != nullptr) { one.opener = std::move(one.next); }
}

/// RFC 8446 7.2.
void Decryption::on_key_update(Side from) {
  auto& one = sides_.at(index_of(from));
  if (version_ < kTls13 || one.next != nullptr || one.opener == nullptr) { return; }
  one.secret =
      expand_label(*protection_, one.secret.bytes(), "traffic upd", protection_->hash_bytes);
  one.opener = traffic_opener(one.secret.bytes());
}

std::optional<RecordOpener::Opened> Decryption::open(Side from, const RecordHeader& header,
                                                     ByteView body) {
  auto& one = sides_.at(index_of(from));
  if (one.opener == nullptr) { return {}; }
  auto opened = one.opener->open(header, body);
  if (!opened.has_value() && one.next != nullptr) {
    // The Finished message was not seen, or stood in what was lost.
    opened = one.next->open(header, body);
    if (opened.has_value()) { one.opener = std::move(one.next); }
  }
  if (!opened.has_value() && one.missing > 0) { opened = search(one, header, body); }
  if (opened.has_value()) {
    any_opened_ = true;
    one.missing = 0;
    one.failures = 0;
    return opened;
  }
  // Before anything was opened, what does not may be early data, RFC 8446 4.2.10, or a handshake
  // whose secret the log does not have.
  const bool patient = one.missing > 0 || (version_ >= kTls13 && one.opener->sequence() == 0);
  if (!patient || ++one.failures > kMaxLost) {
    one.give_up();
    return {};
  }
  if (one.missing > 0) { one.missing += kRecordHeaderBytes + body.size(); }
  return {};
}

std::optional<RecordOpener::Opened> Decryption::open_numbered(Side from, const RecordHeader& header,
                                                              std::uint64_t number, ByteView body) {
  auto& one = sides_.at(index_of(from));
  if (one.opener == nullptr) { return {}; }
  auto opened = one.opener->open_numbered(header, number, body);
  any_opened_ = any_opened_ || opened.has_value();
  return opened;
}

/// The number of the record after a loss follows from how many were lost: each is tried.
std::optional<RecordOpener::Opened> Decryption::search(One& side, const RecordHeader& header,
                                                       ByteView body) {
  const auto most = std::min(side.missing / kLeastRecordBytes + 1, kMaxTries);
  const auto start = side.opener->sequence();
  for (std::uint64_t lost = 1; lost <= most && side.tries < kMaxTriesInAll; ++lost) {
    ++side.tries;
    side.opener->pass_over(1);
    if (auto opened = side.opener->open(header, body)) { return opened; }
  }
  side.opener->pass_over(start - side.opener->sequence());
  return {};
}

void Decryption::on_gap(Side from, std::uint64_t bytes) {
  auto& one = sides_.at(index_of(from));
  any_missing_ = true;
  if (one.opener == nullptr) { return; }
  if (one.opener->survives_loss()) {
    one.missing += bytes;
  } else {
    one.give_up();
  }
}

}  // namespace remora::tls
