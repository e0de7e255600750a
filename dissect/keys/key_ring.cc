#include "dissect/keys/key_ring.h"

#include <algorithm>

namespace remora::keys {

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

}  // namespace remora::keys
