#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "capture/base/bytes.h"
#include "dissect/keys/rsa_key.h"
#include "dissect/keys/secret.h"
#include "dissect/keys/tls_secrets.h"

namespace remora::keys {

/// What the operator gave to open what is sealed. Filled before the first packet, then read by all
/// threads; secrets of TLS may be added later, while none of them reads.
class KeyRing {
 public:
  /// LIMIT: each is tried on each sealed ticket.
  static constexpr std::size_t kMaxTicketPasswords = 1000;
  /// LIMIT
  static constexpr std::size_t kMaxRsaKeys = 10'000;

  /// A password of Remote Assistance invitations, UTF-8. False when it is empty or there are too
  /// many; one that is there already is not added again.
  bool add_ticket_password(std::string_view password);

  [[nodiscard]] const std::vector<Secret>& ticket_passwords() const { return ticket_passwords_; }

  /// False when there are too many; one that is there already is not added again.
  bool add_rsa_key(RsaKey key);
  /// The key with this modulus (big-endian, leading zeros do not count), else null.
  [[nodiscard]] const RsaKey* rsa_key(ByteView modulus) const;
  [[nodiscard]] bool has_rsa_keys() const { return !rsa_keys_.empty(); }

  [[nodiscard]] TlsSecrets& tls() { return tls_; }
  [[nodiscard]] const TlsSecrets& tls() const { return tls_; }

 private:
  std::vector<Secret> ticket_passwords_;
  std::vector<RsaKey> rsa_keys_;  ///< by modulus
  TlsSecrets tls_;
};

}  // namespace remora::keys
