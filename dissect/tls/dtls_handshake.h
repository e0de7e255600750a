#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "capture/base/bytes.h"
#include "capture/base/flow_key.h"
#include "dissect/tls/dtls_record.h"
#include "dissect/tls/handshake_type.h"

namespace remora::tls {

/// Puts the handshake messages of a DTLS connection together from their pieces, which come in any
/// order and more than once (RFC 6347 4.2.3), and keeps them where the whole handshake is wanted.
///
/// State: LIMIT `kMaxBytes` of pieces a side, and as much of messages kept; so many of each.
class DtlsHandshake {
 public:
  static constexpr std::size_t kMaxBytes = 64U << 10U;
  static constexpr std::size_t kMaxPieces = 128;  ///< of a message
  static constexpr std::size_t kMaxPartial = 8;   ///< messages
  static constexpr std::size_t kMaxWhole = 32;    ///< likewise, kept
  static constexpr std::size_t kHeaderBytes = 12;

  /// `keep`: for `up_to_key_exchange`.
  explicit DtlsHandshake(bool keep) : keep_{keep} {}

  struct Message {
    HandshakeType type{};
    /// Its header as if it had come in one piece, RFC 6347 4.2.6, and its body.
    std::vector<std::byte> bytes;

    [[nodiscard]] ByteView body() const { return ByteView{bytes}.subspan(kHeaderBytes); }
  };

  /// The message that the piece makes whole, else nothing.
  [[nodiscard]] std::optional<Message> on_piece(Side from, const HandshakeFragment& piece);

  /// What RFC 7627 3 hashes: from the ClientHello that was answered to the ClientKeyExchange, each
  /// message once, the first exchange of a cookie left out. Empty where one of them is missing.
  [[nodiscard]] std::vector<const Message*> up_to_key_exchange(Side client) const;
  /// The latest of that type, else null.
  [[nodiscard]] const Message* find(Side from, HandshakeType type) const;

  /// The handshake is over.
  void forget() { sides_ = {}; }

 private:
  /// A message of which something is missing.
  struct Partial {
    HandshakeType type{};
    std::uint32_t length{0};
    std::map<std::uint32_t, std::vector<std::byte>> pieces;  ///< by offset
  };
  struct One {
    std::map<std::uint16_t, Partial> partial;  ///< by message_seq
    std::map<std::uint16_t, Message> whole;
    std::size_t partial_bytes{0};
    std::size_t whole_bytes{0};
  };

  static bool add(One& side, const HandshakeFragment& piece);
  static void drop_oldest(One& side);
  [[nodiscard]] static std::optional<Message> join(const Partial& partial, std::uint16_t sequence);
  void keep(One& side, std::uint16_t sequence, const Message& message) const;

  bool keep_;
  std::array<One, 2> sides_;  ///< by index_of(Side)
};

}  // namespace remora::tls
