#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "dissect/conversation/dissector.h"
#include "dissect/keys/key_ring.h"
#include "dissect/tls/decryption.h"
#include "dissect/tls/dtls_handshake.h"
#include "dissect/tls/dtls_record.h"
#include "dissect/tls/replay_window.h"

namespace remora::tls {

/// DTLS 1.0 and 1.2 (RFC 4347, 6347): the hellos and the server's certificate, each told once; with
/// keys also what it carries, record by record, which goes to a conversation of its own. The
/// datagrams come as a stream, one a call; each begins with a record, and none spans two.
///
///   ClientHello ─► [HelloVerifyRequest ─► ClientHello with cookie] ─► ServerHello, Certificate …
///   ─► epoch 1: protected
///
/// Once a record has opened, the handshake is over: nothing that is not protected counts any more.
/// A second handshake is not followed. What its receiver would not take, a record that comes again,
/// is not read; before a record that does not follow on the one before, a gap is told.
///
/// State: handshake messages that are not whole, what opens records, which of them were taken.
class DtlsDissector final : public Dissector {
 public:
  /// LIMIT: records tried of a connection of which none has opened.
  static constexpr std::uint32_t kMaxNotOpened = 64;

  /// `keys` outlives the dissector. `carries`: whose bytes it opens, where that is known.
  explicit DtlsDissector(const keys::KeyRing& keys, std::optional<Protocol> carries = {})
      : handshake_{keys.has_rsa_keys()}, decryption_{keys}, carries_{carries} {}

  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side /*from*/, std::uint64_t /*size*/, Instant /*at*/, Findings& /*out*/) override {}
  void stop_awaiting() override { decryption_.stop_awaiting(); }

 private:
  struct Talk {
    ReplayWindow taken;
    std::uint64_t next_sequence{0};  ///< of what was opened last, and one more
    bool lost_place{false};
    bool passed_on{false};
  };

  void on_record(Side from, const DtlsRecord& record, Instant at, Findings& out);
  void on_protected(Side from, const DtlsRecord& record, Instant at, Findings& out);
  void on_not_opened(Side from, Instant at, Findings& out);
  void pass_on(Side from, std::uint64_t sequence, const RecordOpener::Opened& opened,
               Findings& out);
  void on_message(Side from, const DtlsHandshake::Message& message, Instant at, Findings& out);
  void on_client_hello(Side from, const ClientHello& hello);
  void on_server_hello(const ServerHello& hello);
  void find_premaster();
  void tell_no_key(Side from, Instant at, Findings& out);
  void tell_lost(Side from, Instant at, Findings& out);

  std::array<Talk, 2> talks_;  ///< by index_of(Side)
  DtlsHandshake handshake_;
  Decryption decryption_;
  std::optional<Protocol> carries_;
  std::optional<ServerHello> server_hello_;
  std::uint32_t not_opened_{0};
  bool any_opened_{false};
  bool no_key_told_{false};
  bool lost_told_{false};
  bool client_hello_told_{false};
  bool server_hello_told_{false};
  bool certificate_told_{false};
};

}  // namespace remora::tls
