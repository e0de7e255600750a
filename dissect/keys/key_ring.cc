#include "dissect/keys/key_ring.h"

#include <algorithm>
#include <utility>

namespace remora::keys {
namespace {

ByteView without_leading_zeros(ByteView number) {
  while (!number.empty() && number.front() == std::byte{0}) { number = number.subspan(1); }
  return number;
}

bool is_less(ByteView left, ByteView right) {
  return std::ranges::lexicographical_compare(left, right);
}

}  // namespace

bool KeyRing::add_ticket_password(std::string_view password) {
  if (password.empty()) { return false; }
  if (std::ranges::any_of(ticket_passwords_,
                          [&](const Secret& known) { return known.text() == password; })) {
    return true;
  }
  if (ticket_passwords_.size() >= kMaxTicketPasswords) { return false; }
  ticket_passwords_.emplace_back(as_bytes(password));
  return true;
}

bool KeyRing::add_rsa_key(RsaKey key) {
  if (rsa_key(key.modulus) != nullptr) { return true; }
  if (rsa_keys_.size() >= kMaxRsaKeys) { return false; }
  const auto place =
      std::ranges::lower_bound(rsa_keys_, ByteView{key.modulus}, is_less,
                               [](const RsaKey& known) -> ByteView { return known.modulus; });
  rsa_keys_.insert(place, std::move(key));
  return true;
}

const RsaKey* KeyRing::rsa_key(ByteView modulus) const {
  const auto wanted = without_leading_zeros(modulus);
  const auto found = std::ranges::lower_bound(
      rsa_keys_, wanted, is_less, [](const RsaKey& known) -> ByteView { return known.modulus; });
  return found != rsa_keys_.end() && std::ranges::equal(found->modulus, wanted) ? &*found : nullptr;
}

}  // namespace remora::keys
