#include "dissect/rdp/security/standard_security.h"

namespace remora::rdp {
namespace {

std::variant<Rc4Direction, FipsDirection> make(const SessionKeys& keys, bool of_client) {
  const auto key = of_client ? keys.client_to_server.bytes() : keys.server_to_client.bytes();
  if (keys.method == EncryptionMethod::kFips) { return FipsDirection{key, keys.mac.bytes()}; }
  return Rc4Direction{keys.method, key, keys.mac.bytes()};
}

}  // namespace

StandardSecurity::StandardSecurity(const SessionKeys& keys, Side client)
    : directions_{make(keys, client == Side::kInitiator), make(keys, client == Side::kAcceptor)} {}

StandardSecurity::~StandardSecurity() {
  keys::wipe(plaintext_);
}

StandardSecurity::Opening StandardSecurity::open(Side from, const SealedData& pdu) {
  keys::wipe(plaintext_);
  if (pdu.fips_padding > pdu.data.size()) { return {.how = Opened::kWrong, .plaintext = {}}; }
  if (plaintext_.capacity() < pdu.data.size()) {
    // Wiped already: what a vector that grows leaves behind says nothing.
    plaintext_.clear();
  }
  plaintext_.resize(pdu.data.size());
  const auto how =
      std::visit([&](auto& direction) { return direction.open(pdu, std::span{plaintext_}); },
                 directions_.at(index_of(from)));
  if (how == Opened::kRight || how == Opened::kUnsigned) {
    return {.how = how,
            .plaintext = ByteView{plaintext_}.first(plaintext_.size() - pdu.fips_padding)};
  }
  return {.how = how, .plaintext = {}};
}

void StandardSecurity::lose(Side from, std::uint64_t bytes) {
  std::visit([&](auto& direction) { direction.lose(bytes); }, directions_.at(index_of(from)));
}

}  // namespace remora::rdp
