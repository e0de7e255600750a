#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "dissect/conversation/dissector.h"
#include "dissect/keys/key_ring.h"
#include "dissect/tls/decryption.h"
#include "dissect/tls/dtls_record.h"

namespace remora::tls {

/// DTLS 1.0 and 1.2 (RFC 4347, 6347): the hellos and the server's certificate, each told once; with
/// a key log also what it carries, datagram by datagram, which goes to a conversation of its own.
/// The datagrams come as a stream; each begins with a record.
///
///   ClientHello ─► [HelloVerifyRequest ─► ClientHello with cookie] ─► ServerHello, Certificate …
///   ─► protected
///
/// State: per side a message whose pieces are not all there, and what opens records.
class DtlsDissector final : public Dissector {
 public:
  /// `keys` outlives the dissector.
  explicit DtlsDissector(const keys::KeyRing& keys)
      : decryption_{keys}, has_log_{!keys.tls().empty()} {}

  /// LIMIT: of a message put together from its pieces.
  static constexpr std::size_t kMaxMessageBytes = 64U << 10U;

  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;
  void stop_awaiting() override { decryption_.stop_awaiting(); }

 private:
  struct Talk {
    std::vector<std::byte> message;  ///< as far as its pieces came in order
    std::uint16_t sequence{0};       ///< of that message
    bool lost_place{false};
  };

  void on_record(Side from, const DtlsRecord& record, Instant at, Findings& out);
  void on_protected(Side from, const DtlsRecord& record, Instant at, Findings& out);
  void on_fragment(Side from, const HandshakeFragment& piece, Instant at, Findings& out);
  void on_message(Side from, HandshakeType type, ByteView body, Instant at, Findings& out);

  std::array<Talk, 2> talks_;  ///< by index_of(Side)
  Decryption decryption_;
  bool has_log_;  ///< the operator gave a key log
  bool no_key_told_{false};
  bool client_hello_told_{false};
  bool server_hello_told_{false};
  bool certificate_told_{false};
};

}  // namespace remora::tls
