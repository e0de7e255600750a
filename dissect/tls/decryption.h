#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "capture/base/bytes.h"
#include "capture/base/flow_key.h"
#include "dissect/keys/key_ring.h"
#include "dissect/tls/client_hello.h"
#include "dissect/tls/handshake_type.h"
#include "dissect/tls/record_opener.h"
#include "dissect/tls/server_hello.h"
#include "dissect/tls/transcript.h"

namespace remora::tls {

/// Opens the records of one TLS connection with the operator's keys: a key log, or the server's RSA
/// key where the client sent its secret to it (TLS_RSA_*).
///
///   hellos ─► TLS 1.3: traffic secrets at once ─ Finished ─► application secrets ─ KeyUpdate ─►
///   next
///      └────► before: master secret (log, or ClientKeyExchange) ─ ChangeCipherSpec ─► openers
///
/// State: what the hellos say, one opener a side, hashes of the handshake while a server key may be
/// of use. A resumed connection of TLS 1.2 is opened with a log only: the secret of the connection
/// before is not kept.
class Decryption {
 public:
  /// LIMIT: numbers tried for a record after a loss. A record has 22 bytes at least, so that a hole
  /// of 16 KiB hides at most these.
  static constexpr std::uint64_t kMaxTries = 768;
  /// LIMIT: the same over all losses of one side.
  static constexpr std::uint64_t kMaxTriesInAll = 64U << 10U;
  /// LIMIT: premaster secrets opened; each costs an operation with the private key.
  static constexpr std::uint32_t kMaxPremasters = 4;
  /// LIMIT: records that did not open, after which the search for one's place ends.
  static constexpr std::uint32_t kMaxLost = 16;

  enum class Prospect : std::uint8_t {
    kOpen,     ///< not known yet
    kSecrets,  ///< there are secrets for it
    kNone,     ///< nothing of the operator's fits
  };

  /// `keys` outlives this.
  explicit Decryption(const keys::KeyRing& keys) : keys_{&keys} {}

  // The handshake, in clear or opened.
  void on_client_hello(Side from, const ClientHello& hello);
  void on_server_hello(const ServerHello& hello);
  /// The server's leaf certificate, DER.
  void on_certificate(ByteView leaf);
  /// A ClientKeyExchange's body, RFC 5246 7.4.7.1.
  void on_client_key_exchange(ByteView body);
  /// Every handshake message as it stands on the wire, header included, before it is read.
  void on_message(HandshakeType type, ByteView message);
  void on_change_cipher_spec(Side from);
  /// DTLS: another ServerHello is believed from here on, before anything has opened.
  void forget_openers();
  /// The server's key was tried on as many premaster secrets as one connection is worth.
  [[nodiscard]] bool has_tried_enough() const { return premasters_ >= kMaxPremasters; }
  /// DTLS: records of the first protected epoch came from that side. Whether they can be opened.
  [[nodiscard]] bool begin_epoch(Side from);
  void on_finished(Side from);
  void on_key_update(Side from);

  /// Before the first message that needs a secret: whether one may still come that would open the
  /// connection. Looks for it. Once this was false it stays so until the next ServerHello.
  [[nodiscard]] bool awaits();
  /// What there is has to do.
  void stop_awaiting();

  [[nodiscard]] Prospect prospect() const { return prospect_; }
  /// The operator gave keys that could be for a connection like this one.
  [[nodiscard]] bool has_keys() const;
  [[nodiscard]] bool is_client(Side side) const { return client_ == side; }
  [[nodiscard]] std::optional<Side> client() const { return client_; }
  /// The secret follows from the whole handshake, RFC 7627.
  [[nodiscard]] bool needs_transcript() const { return extended_master_secret_; }
  /// Whether protected records of that side can be opened now.
  [[nodiscard]] bool opens(Side from) const { return sides_.at(index_of(from)).opener != nullptr; }

  /// Empty where the record does not open; see `lost` then.
  [[nodiscard]] std::optional<RecordOpener::Opened> open(Side from, const RecordHeader& header,
                                                         ByteView body);
  /// The same of a DTLS record of the first protected epoch. Each stands for itself: its number,
  /// RFC 6347 4.1, is in its head, and one that does not open has no bearing on others.
  [[nodiscard]] std::optional<RecordOpener::Opened> open_numbered(Side from,
                                                                  const RecordHeader& header,
                                                                  std::uint64_t number,
                                                                  ByteView body);
  /// `bytes` of that side are missing.
  void on_gap(Side from, std::uint64_t bytes);

  /// The side's records open no longer, and will not: nothing of it was ever opened with these keys
  /// (`never_fitted`), or its place was lost.
  [[nodiscard]] bool lost(Side from) const { return sides_.at(index_of(from)).lost; }
  [[nodiscard]] bool never_fitted() const { return !any_opened_ && !any_missing_; }
  /// The side's protected records should open, but the message that begins them was missed.
  [[nodiscard]] bool missed_start(Side from) const {
    return prospect_ == Prospect::kSecrets && !opens(from) && !lost(from);
  }

 private:
  struct One {
    std::unique_ptr<RecordOpener> opener;
    std::unique_ptr<RecordOpener> next;  ///< TLS 1.3: of the application's data, until Finished
    keys::Secret secret;                 ///< TLS 1.3: the one that `opener` or `next` was made of
    std::uint64_t missing{0};            ///< bytes that were not seen since the last record opened
    std::uint32_t failures{0};           ///< since then
    std::uint64_t tries{0};              ///< for all losses
    bool lost{false};

    void give_up() {
      lost = true;
      opener.reset();
      next.reset();
    }
  };

  void find_secrets();
  [[nodiscard]] std::unique_ptr<RecordOpener> master_opener(Side from) const;
  [[nodiscard]] bool log_has_all() const;
  void take_premaster(ByteView premaster);
  [[nodiscard]] std::unique_ptr<RecordOpener> traffic_opener(ByteView secret) const;
  [[nodiscard]] std::optional<RecordOpener::Opened> search(One& side, const RecordHeader& header,
                                                           ByteView body);

  const keys::KeyRing* keys_;
  std::optional<Side> client_;
  Random client_random_{};
  Random server_random_{};
  std::uint16_t offered_version_{0};  ///< in the ClientHello; the premaster secret repeats it
  std::uint16_t version_{0};
  std::optional<Protection> protection_;
  bool extended_master_secret_{false};
  bool encrypt_then_mac_{false};
  keys::Secret master_;
  const keys::RsaKey* server_key_{nullptr};
  Transcript transcript_;
  std::array<One, 2> sides_;  ///< by index_of(Side)
  std::uint32_t premasters_{0};
  Prospect prospect_{Prospect::kOpen};
  bool settled_{true};   ///< no secret is awaited
  bool gave_up_{false};  ///< nor will one be: a peer may say hello without end
  bool any_opened_{false};
  bool any_missing_{false};
};

}  // namespace remora::tls
