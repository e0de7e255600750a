#include "dissect/rdp/security/connection_security.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "dissect/rdp/security/client_random.h"
#include "dissect/rdp/security/session_keys.h"
#include "dissect/rdp/security_exchange.h"

namespace remora::rdp {
namespace {

void tell_once(bool& told, const char* code, const char* detail, Side from, Instant at,
               Findings& out) {
  if (std::exchange(told, true)) { return; }
  out.observe(at, from, "security.keys", observation::Anomaly{.code = code, .detail = detail});
}

}  // namespace

bool ConnectionSecurity::choose(const observation::ServerSettings& settings) {
  if (!settings.encryption_method.has_value() || security_ != nullptr) { return false; }
  method_ = EncryptionMethod{*settings.encryption_method};
  level_ = EncryptionLevel{settings.encryption_level.value_or(0)};
  form_ = method_ == EncryptionMethod::kFips ? EncryptedForm::kFips : EncryptedForm::kNonFips;
  return true;
}

void ConnectionSecurity::set_server_key(const ServerSecurity& security, Side from, Instant at,
                                        Findings& out) {
  if (!keys_->has_rsa_keys() || exchanges_ >= kMaxExchanges ||
      security.server_random.size() != server_random_.size() || !security.certificate.has_value() ||
      !security.certificate->public_key.has_value()) {
    return;
  }
  const auto modulus = security.certificate->public_key->modulus;
  std::vector<std::byte> big_endian{modulus.begin(), modulus.end()};
  if (security.certificate->kind == observation::ServerCertificateKind::kProprietary) {
    std::ranges::reverse(big_endian);
  }
  std::ranges::copy(security.server_random, server_random_.begin());
  server_key_ = keys_->rsa_key(big_endian);
  if (server_key_ == nullptr) {
    tell_once(no_match_told_, "keys.no_match", "none of the keys given is this server's", from, at,
              out);
  }
}

void ConnectionSecurity::on_security_exchange(ByteView data, Side from, Instant at, Findings& out) {
  if (server_key_ == nullptr || security_ != nullptr) { return; }
  const auto exchange = decode(data, read_security_exchange);
  if (!exchange.has_value() || ++exchanges_ > kMaxExchanges) { return; }
  const auto random = open_client_random(*server_key_, exchange->encrypted_client_random);
  if (!random.has_value()) {
    server_key_ = nullptr;
    tell_once(no_match_told_, "keys.no_match", "the client's random is not under the server's key",
              from, at, out);
    return;
  }
  const auto keys = derive_session_keys(method_, random->bytes(), server_random_);
  if (!keys.has_value()) {
    tell_once(no_match_told_, "keys.no_match", "no session keys can be made of the randoms", from,
              at, out);
    return;
  }
  security_ = std::make_unique<StandardSecurity>(*keys, from);
  client_ = from;
  security_->lose(other(from), unread_.at(index_of(other(from))));
}

void ConnectionSecurity::on_unread(Side from, std::uint64_t bytes) {
  if (security_ != nullptr) {
    security_->lose(from, bytes);
  } else {
    unread_.at(index_of(from)) += bytes;
  }
}

std::optional<ConnectionSecurity::Marks> ConnectionSecurity::marks_of(Side from) const {
  const bool sealed = from == client_ || level_ > EncryptionLevel::kLow;
  if (!sealed || !follows(from)) { return {}; }
  return Marks{.from_client = from == client_, .form = form_};
}

std::optional<ByteView> ConnectionSecurity::open(const SealedData& sealed, Side from, Instant at,
                                                 Findings& out) {
  if (security_ == nullptr) {
    unread_.at(index_of(from)) += sealed.pdu_bytes;
    return {};
  }
  const auto opening = security_->open(from, sealed);
  if (opening.how == Opened::kUnsigned || opening.how == Opened::kWrong) {
    tell_once(mismatch_told_, "rdp.mac_mismatch",
              "an encrypted PDU does not have the signature of what it holds", from, at, out);
  }
  if (opening.how == Opened::kAbandoned) {
    abandoned_.at(index_of(from)) = true;
    tell_once(lost_told_, "rdp.decryption_lost",
              "where the encrypted PDUs of one side go on was not found; they stay sealed", from,
              at, out);
  }
  return opening.plaintext;
}

}  // namespace remora::rdp
