#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "capture/base/bytes.h"
#include "dissect/conversation/dissector.h"
#include "dissect/keys/key_ring.h"
#include "dissect/tls/decryption.h"
#include "dissect/tls/record.h"

namespace remora::tls {

/// TLS: the handshake in clear, then the lengths of protected records. With keys for the connection
/// also what it carries, which goes to a conversation of its own, and what of the handshake is
/// protected.
///
///   ClientHello ─► ServerHello ─► [TLS 1.2: Certificate …] ─► ChangeCipherSpec ─► protected
///                      └─ TLS 1.3: protected at once, the rest of the handshake included
///
/// Either side may be the TLS client. State: what ServerHello chose, per side a handshake message
/// that is not whole yet, how many records were told, and what opens records.
class TlsDissector final : public Dissector {
 public:
  enum class Interest : std::uint8_t {
    kAlways,    ///< somebody handed over to it
    kWithKeys,  ///< recognised on a stream that may be anything: of interest if it can be opened
  };

  /// `keys` outlives the dissector. `carries`: whose bytes it opens, where that is known.
  TlsDissector(const keys::KeyRing& keys, Interest interest, std::optional<Protocol> carries = {})
      : interest_{interest}, carries_{carries}, decryption_{keys} {}

  /// LIMIT: of a handshake message kept until it is whole; messages may span records. The one place
  /// where a dissector keeps bytes.
  static constexpr std::size_t kMaxHandshakeBytes = 128U << 10U;
  /// LIMIT: protected records told per side. Inference looks at the beginning only.
  static constexpr std::uint32_t kMaxRecordsTold = 64;

  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;
  void stop_awaiting() override { decryption_.stop_awaiting(); }

 private:
  /// One side's handshake.
  struct Talk {
    std::vector<std::byte> handshake;  ///< unread bytes of handshake messages
    bool handshake_lost{false};   ///< a message was missed or too long; none can be found again
    bool lost_place{false};       ///< after a gap: where records begin is unknown
    bool protection_on{false};    ///< ChangeCipherSpec was sent: what follows is encrypted
    bool finished_passed{false};  ///< TLS 1.3: its Finished message went by
    std::uint32_t records_told{0};
    bool passed_on{false};  ///< something that it carries
  };

  [[nodiscard]] bool needs_secret(Side from, ContentType type) const;
  [[nodiscard]] std::size_t on_protected(Side from, const RecordHeader& header, Instant at,
                                         Findings& out);
  void on_sealed(Side from, const RecordHeader& header, ByteView body, Instant at, Findings& out);
  void on_missing(Side from, std::uint64_t size, Instant at, Findings& out);
  void pass_on_loss(Side from, Findings& out);
  [[nodiscard]] bool is_dummy(ContentType type) const;
  void tell_lost(Side from, Instant at, Findings& out);
  void tell_no_key(Side from, Instant at, Findings& out);
  void on_record(Side from, ContentType type, ByteView body, Instant at, Findings& out);
  void on_handshake(Side from, ByteView body, Instant at, Findings& out);
  void on_message(Side from, HandshakeType type, ByteView body, Instant at, Findings& out);
  void on_client_hello(Side from, ByteView body, Instant at, Findings& out);
  void on_server_hello(Side from, ByteView body, Instant at, Findings& out);
  void on_certificate(Side from, ByteView body, Instant at, Findings& out);
  [[nodiscard]] bool is_handshake_flight(Side from, std::uint32_t plaintext_bytes);

  std::array<Talk, 2> talks_;  ///< by index_of(Side)
  std::uint16_t version_{0};   ///< chosen by ServerHello; 0 before
  std::uint16_t cipher_{0};
  bool any_record_read_{false};
  Interest interest_;
  std::optional<Protocol> carries_;
  Decryption decryption_;
  bool no_key_told_{false};
  bool lost_told_{false};
};

}  // namespace remora::tls
