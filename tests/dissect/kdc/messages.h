#pragma once

#include <string>

#include "tests/support/der.h"

namespace remora::kdc {

/// KDC-REP of a ticket for TERMSRV/srv.corp.example, RFC 4120 5.4.2, as hexadecimal text.
[[nodiscard]] inline std::string tgs_rep_for(const std::string& user) {
  using testing::der;
  using testing::hex_of;
  const auto text = [](const std::string& characters) { return der("1b", hex_of(characters)); };
  const auto principal = [&](const std::string& parts) {
    return der("30", der("a0", "020101") + der("a1", der("30", parts)));
  };
  const auto sealed = der("30", der("a0", "020112") + der("a2", der("04", "00112233")));
  const auto ticket =
      der("61", der("30", der("a0", "020105") + der("a1", text("CORP.EXAMPLE")) +
                              der("a2", principal(text("TERMSRV") + text("srv.corp.example"))) +
                              der("a3", sealed)));
  return der(
      "6d",
      der("30", der("a0", "020105") + der("a1", "02010d") + der("a3", text("CORP.EXAMPLE")) +
                    der("a4", principal(text(user))) + der("a5", ticket) + der("a6", sealed)));
}

}  // namespace remora::kdc
