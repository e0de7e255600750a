#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "capture/base/bytes.h"
#include "capture/base/flow_key.h"
#include "capture/base/frame.h"
#include "dissect/conversation/findings.h"
#include "dissect/keys/key_ring.h"
#include "dissect/observation/settings.h"
#include "dissect/rdp/gcc/server_security.h"
#include "dissect/rdp/security/sealed_data.h"
#include "dissect/rdp/security/standard_security.h"
#include "dissect/rdp/security_header.h"

namespace remora::rdp {

/// Standard RDP Security of one connection: what the server chose, the keys that follow where the
/// operator gave the server's, and what they open, [MS-RDPBCGR] 5.3. Says once each that no key
/// fits, that a signature is wrong, and that a side's place was lost.
///
///   server's random and key ─► client's random, under that key ─► session keys
///
/// State: the above, the ciphers of both sides, what was not read before there were keys.
class ConnectionSecurity {
 public:
  /// LIMIT: client randoms opened; each costs an operation with the private key.
  static constexpr std::uint32_t kMaxExchanges = 4;

  /// `keys` outlives this.
  explicit ConnectionSecurity(const keys::KeyRing& keys) : keys_{&keys} {}

  /// Takes method and level where the server tells them; once there are keys nothing that either
  /// side says changes how they are used. Returns whether it took them.
  bool choose(const observation::ServerSettings& settings);
  /// What the server adds to the keys, 2.2.1.4.3; says where the operator's do not fit.
  void set_server_key(const ServerSecurity& security, Side from, Instant at, Findings& out);
  /// A Security Exchange PDU, 2.2.1.10: the client's random, from which all keys follow.
  void on_security_exchange(ByteView data, Side from, Instant at, Findings& out);
  /// So many bytes of the side were not read as PDUs.
  void on_unread(Side from, std::uint64_t bytes);

  /// The plaintext where the keys are known and it is sure enough.
  [[nodiscard]] std::optional<ByteView> open(const SealedData& sealed, Side from, Instant at,
                                             Findings& out);

  /// The form of the security header before what is encrypted.
  [[nodiscard]] EncryptedForm form() const { return form_; }
  /// What the side encrypts is opened, or its place is being looked for.
  [[nodiscard]] bool follows(Side from) const {
    return security_ != nullptr && !abandoned_.at(index_of(from));
  }
  /// How to find the next PDU of a side that is encrypted and can be opened; else nothing.
  struct Marks {
    bool from_client;
    EncryptedForm form;
  };
  [[nodiscard]] std::optional<Marks> marks_of(Side from) const;

 private:
  const keys::KeyRing* keys_;
  const keys::RsaKey* server_key_{nullptr};  ///< borrowed from `keys_`
  std::array<std::byte, 32> server_random_{};
  EncryptionMethod method_{EncryptionMethod::kNone};
  EncryptionLevel level_{EncryptionLevel::kNone};
  EncryptedForm form_{EncryptedForm::kNonFips};
  std::unique_ptr<StandardSecurity> security_;  ///< null: nothing can be opened
  std::array<std::uint64_t, 2> unread_{};       ///< by index_of(Side), before the keys were known
  std::optional<Side> client_;                  ///< of `security_`
  std::array<bool, 2> abandoned_{};             ///< by index_of(Side): sealed for good
  std::uint32_t exchanges_{0};
  bool mismatch_told_{false};
  bool lost_told_{false};
  bool no_match_told_{false};
};

}  // namespace remora::rdp
