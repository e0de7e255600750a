#include "dissect/tls/dtls_handshake.h"

#include <algorithm>

namespace remora::tls {
namespace {

void put_u24(std::uint32_t value, std::byte* to) {
  for (unsigned at = 0; at < 3; ++at) { to[at] = static_cast<std::byte>(value >> (16U - 8U * at)); }
}

/// msg_type | length | message_seq | fragment_offset 0 | fragment_length, RFC 6347 4.2.2.
std::vector<std::byte> header_of(HandshakeType type, std::uint32_t length, std::uint16_t sequence) {
  std::vector<std::byte> bytes(DtlsHandshake::kHeaderBytes);
  bytes[0] = static_cast<std::byte>(type);
  put_u24(length, &bytes[1]);
  bytes[4] = static_cast<std::byte>(sequence >> 8U);
  bytes[5] = static_cast<std::byte>(sequence);
  put_u24(length, &bytes[9]);
  return bytes;
}

}  // namespace

std::optional<DtlsHandshake::Message> DtlsHandshake::on_piece(Side from,
                                                              const HandshakeFragment& piece) {
  const auto size = static_cast<std::uint32_t>(piece.body.size());
  if (piece.length > kMaxBytes || piece.offset > piece.length ||
      size > piece.length - piece.offset) {
    return {};
  }
  auto& side = sides_.at(index_of(from));
  std::optional<Message> message;
  if (size == piece.length) {
    message = {.type = piece.type,
               .bytes = header_of(piece.type, piece.length, piece.message_sequence)};
    message->bytes.insert(message->bytes.end(), piece.body.begin(), piece.body.end());
  } else if (add(side, piece)) {
    message = join(side.partial.at(piece.message_sequence), piece.message_sequence);
  }
  if (!message.has_value()) { return {}; }
  if (const auto place = side.partial.find(piece.message_sequence); place != side.partial.end()) {
    for (const auto& [offset, bytes] : place->second.pieces) { side.partial_bytes -= bytes.size(); }
    side.partial.erase(place);
  }
  keep(side, piece.message_sequence, *message);
  return message;
}

/// Of two that begin at the same place the longer counts. False where the piece is of no use.
bool DtlsHandshake::add(One& side, const HandshakeFragment& piece) {
  if (piece.body.empty()) { return false; }
  if (side.partial.size() >= kMaxPartial && !side.partial.contains(piece.message_sequence)) {
    drop_oldest(side);
  }
  auto& partial = side.partial[piece.message_sequence];
  if (partial.pieces.size() >= kMaxPieces) { return false; }
  if (partial.pieces.empty()) {
    partial = {.type = piece.type, .length = piece.length, .pieces = {}};
  } else if (partial.type != piece.type || partial.length != piece.length) {
    return false;
  }
  auto& bytes = partial.pieces[piece.offset];
  if (bytes.size() < piece.body.size()) {
    side.partial_bytes += piece.body.size() - bytes.size();
    bytes.assign(piece.body.begin(), piece.body.end());
  }
  while (side.partial_bytes > kMaxBytes && side.partial.size() > 1 &&
         side.partial.begin()->first != piece.message_sequence) {
    drop_oldest(side);
  }
  if (side.partial_bytes > kMaxBytes) {
    side.partial.clear();
    side.partial_bytes = 0;
    return false;
  }
  return true;
}

void DtlsHandshake::drop_oldest(One& side) {
  const auto oldest = side.partial.begin();
  for (const auto& [offset, bytes] : oldest->second.pieces) { side.partial_bytes -= bytes.size(); }
  side.partial.erase(oldest);
}

std::optional<DtlsHandshake::Message> DtlsHandshake::join(const Partial& partial,
                                                          std::uint16_t sequence) {
  std::size_t reached = 0;
  for (const auto& [offset, bytes] : partial.pieces) {
    if (offset > reached) { return {}; }
    reached = std::max(reached, offset + bytes.size());
  }
  if (reached < partial.length) { return {}; }
  Message message{.type = partial.type, .bytes = header_of(partial.type, partial.length, sequence)};
  for (const auto& [offset, bytes] : partial.pieces) {
    const auto have = message.bytes.size() - kHeaderBytes;
    if (offset + bytes.size() <= have) { continue; }
    const auto rest = ByteView{bytes}.subspan(have - offset);
    message.bytes.insert(message.bytes.end(), rest.begin(), rest.end());
  }
  return message;
}

void DtlsHandshake::keep(One& side, std::uint16_t sequence, const Message& message) const {
  if (!keep_ || side.whole.size() >= kMaxWhole ||
      side.whole_bytes + message.bytes.size() > kMaxBytes) {
    return;
  }
  const auto [place, is_new] = side.whole.try_emplace(sequence, message);
  if (is_new) { side.whole_bytes += place->second.bytes.size(); }
}

const DtlsHandshake::Message* DtlsHandshake::find(Side from, HandshakeType type) const {
  const auto& whole = sides_.at(index_of(from)).whole;
  const auto place = std::find_if(whole.rbegin(), whole.rend(), [&](const auto& numbered) {
    return numbered.second.type == type;
  });
  return place == whole.rend() ? nullptr : &place->second;
}

std::vector<const DtlsHandshake::Message*> DtlsHandshake::up_to_key_exchange(Side client) const {
  const auto& asked = sides_.at(index_of(client)).whole;
  const auto& answered = sides_.at(index_of(other(client))).whole;
  const auto is = [](HandshakeType type) {
    return [type](const auto& numbered) { return numbered.second.type == type; };
  };
  // From the last hello on, without a hole, up to the message that ends the flight.
  const auto flight = [&](const auto& messages, HandshakeType first, HandshakeType last,
                          std::vector<const Message*>& into) {
    const auto hello = std::find_if(messages.rbegin(), messages.rend(), is(first));
    if (hello == messages.rend()) { return false; }
    auto number = hello->first;
    for (auto at = messages.find(number); at != messages.end() && at->first == number;
         ++at, ++number) {
      into.push_back(&at->second);
      if (at->second.type == last) { return true; }
    }
    return false;
  };
  std::vector<const Message*> from_client;
  std::vector<const Message*> from_server;
  if (!flight(asked, HandshakeType::kClientHello, HandshakeType::kClientKeyExchange, from_client) ||
      !flight(answered, HandshakeType::kServerHello, HandshakeType::kServerHelloDone,
              from_server)) {
    return {};
  }
  std::vector<const Message*> all{from_client.front()};
  all.insert(all.end(), from_server.begin(), from_server.end());
  all.insert(all.end(), from_client.begin() + 1, from_client.end());
  return all;
}

}  // namespace remora::tls
