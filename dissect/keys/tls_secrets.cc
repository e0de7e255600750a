#include "dissect/keys/tls_secrets.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "dissect/encoding/hex.h"

namespace remora::keys {
namespace {

constexpr std::array<std::pair<std::string_view, TlsLabel>, 6> kLabels{{
    {"CLIENT_RANDOM", TlsLabel::kMasterSecret},
    {"CLIENT_EARLY_TRAFFIC_SECRET", TlsLabel::kClientEarlyTraffic},
    {"CLIENT_HANDSHAKE_TRAFFIC_SECRET", TlsLabel::kClientHandshakeTraffic},
    {"SERVER_HANDSHAKE_TRAFFIC_SECRET", TlsLabel::kServerHandshakeTraffic},
    {"CLIENT_TRAFFIC_SECRET_0", TlsLabel::kClientTraffic},
    {"SERVER_TRAFFIC_SECRET_0", TlsLabel::kServerTraffic},
}};

/// LIMIT: a master secret has 48 bytes, a traffic secret as many as the longest hash.
constexpr std::size_t kMaxSecretBytes = 64;

/// Fills `to` from twice as many hex digits.
bool from_hex(std::string_view text, std::span<std::byte> to) {
  if (text.size() != 2 * to.size()) { return false; }
  for (std::size_t at = 0; at < to.size(); ++at) {
    const auto byte = encoding::hex_byte(text[2 * at], text[2 * at + 1]);
    if (!byte.has_value()) { return false; }
    to[at] = std::byte{*byte};
  }
  return true;
}

std::string_view next_word(std::string_view& line) {
  const auto start = std::min(line.find_first_not_of(" \t"), line.size());
  line.remove_prefix(start);
  const auto end = std::min(line.find_first_of(" \t\r"), line.size());
  const auto word = line.substr(0, end);
  line.remove_prefix(end);
  return word;
}

}  // namespace

std::size_t TlsSecrets::add_key_log(std::string_view text) {
  std::size_t added = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    if (add_line(text.substr(0, end))) { ++added; }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return added;
}

bool TlsSecrets::add_line(std::string_view line) {
  const auto word = next_word(line);
  const auto label =
      std::ranges::find(kLabels, word, [](const auto& known) { return known.first; });
  if (label == kLabels.end()) { return false; }
  TlsRandom random{};
  if (!from_hex(next_word(line), random)) { return false; }
  const auto secret = next_word(line);
  std::array<std::byte, kMaxSecretBytes> bytes{};
  const auto size = secret.size() / 2;
  const bool good =
      size > 0 && size <= bytes.size() && from_hex(secret, std::span{bytes}.first(size));
  if (good) { add(random, label->second, ByteView{bytes}.first(size)); }
  wipe(bytes);
  return good;
}

void TlsSecrets::add(const TlsRandom& random, TlsLabel label, ByteView secret) {
  const auto [place, is_new] = secrets_.try_emplace({random, label}, Secret{secret});
  if (!is_new) { return; }
  arrivals_.push_back(place);
  if (secrets_.size() <= kMaxSecrets) { return; }
  secrets_.erase(arrivals_.front());
  arrivals_.pop_front();
  ++given_up_;
}

const Secret* TlsSecrets::find(TlsLabel label, const TlsRandom& client_random) const {
  const auto found = secrets_.find({client_random, label});
  return found == secrets_.end() ? nullptr : &found->second;
}

}  // namespace remora::keys
