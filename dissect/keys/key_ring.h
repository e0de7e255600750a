#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "dissect/keys/secret.h"

namespace remora::keys {

/// What the operator gave to open what is sealed. Filled before the first packet, then only read,
/// by all threads.
class KeyRing {
 public:
  /// LIMIT: each is tried on each sealed ticket.
  static constexpr std::size_t kMaxTicketPasswords = 1000;

  /// A password of Remote Assistance invitations, UTF-8. False when it is empty or there are too
  /// many; one that is there already is not added again.
  bool add_ticket_password(std::string_view password);

  [[nodiscard]] const std::vector<Secret>& ticket_passwords() const { return ticket_passwords_; }

 private:
  std::vector<Secret> ticket_passwords_;
};

}  // namespace remora::keys
