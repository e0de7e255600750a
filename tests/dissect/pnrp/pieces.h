#pragma once

#include <string>

namespace remora::pnrp {

/// 32 bytes of an id, in hexadecimal: 01 … 1f and a last byte.
inline std::string id_text(const std::string& last = "20") {
  return "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f" + last;
}
/// ROUTE_ENTRY, [MS-PNRP] 2.2.3.4, of that id: 2001:db8::10 at port 3540.
inline std::string route_text() {
  return id_text() + "04 00 0dd4 00 01 20010db8000000000000000000000010";
}
/// Encoded CPA, 2.2.3.1, up to the hash: flags, service location 11…20 reversed, hash aa….
inline std::string cpa_text(const std::string& flags) {
  return "5000 00 02 00 04" + flags +
         "00 0000000000000000"
         "201f1e1d1c1b1a191817161514131211"
         "00000000000000000000000000000000"
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
}

}  // namespace remora::pnrp
