#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tests/support/der.h"
#include "tests/support/hex.h"

// TSRequests and tokens as [MS-CSSP] 2.2.1, [MS-NLMP] 2.2.1 and RFC 4120 5 lay them out, in
// hexadecimal text.
namespace remora::credssp::exchange {

using testing::der;
using testing::hex;
using testing::hex_of;
using testing::utf16_of;

/// TSRequest: version [0], then the fields as they are given.
inline std::string ts_request(const std::string& fields, const std::string& version = "06") {
  return der("30", der("a0", der("02", version)) + fields);
}
/// negoTokens [1] with one token.
inline std::string nego(const std::string& token) {
  return der("a1", der("30", der("30", der("a0", der("04", token)))));
}
inline std::string auth_info() {
  return der("a2", der("04", "010000005aa484f4f245b8b3 01000000 6622fa06cb15"));
}
inline std::string pub_key_auth() {
  return der("a3", der("04", "01000000cac662a1100e5407 00000000 e61cbbf0"));
}
inline std::string error_code(const std::string& status) {
  return der("a4", der("02", status));
}
inline std::string client_nonce() {
  return der("a5", der("04", "9cf2a24d7d64b2e41e40cea6151957f2be617a364078fad7acf670a82f04b493"));
}

inline std::string u16(std::size_t value) {
  return hex_of(std::string{static_cast<char>(value & 0xffU), static_cast<char>(value >> 8U)});
}
/// Len, MaxLen, BufferOffset.
inline std::string place(std::size_t size, std::size_t offset) {
  return u16(size) + u16(size) + u16(offset) + "0000";
}
/// AV_PAIR, [MS-NLMP] 2.2.2.1.
inline std::string pair(std::size_t id, const std::string& text) {
  return u16(id) + u16(text.size() * 2) + utf16_of(text);
}

/// NEGOTIATE_MESSAGE, 2.2.1.1, without names.
inline std::string ntlm_negotiate() {
  return hex_of("NTLMSSP") + "00 01000000 b78208e2" + place(0, 0) + place(0, 0) +
         "0601b11d0000000f";
}
/// CHALLENGE_MESSAGE, 2.2.1.2, with the server's names in its pairs.
inline std::string ntlm_challenge() {
  const auto target = utf16_of("SRV-FIN");
  const auto info = pair(2, "CORP") + pair(1, "SRV-FIN") + pair(4, "corp.example") +
                    pair(3, "srv-fin.corp.example") + "00000000";
  return hex_of("NTLMSSP") + "00 02000000" + place(14, 48) + "b78288e2" + "d63e9d39d8d5ef67" +
         "0000000000000000" + place(hex(info).size(), 62) + target + info;
}
/// AUTHENTICATE_MESSAGE, 2.2.1.3, of NTLMv2: the server's pairs again, and what was dialled.
inline std::string ntlm_authenticate(const std::string& user = "anna") {
  const auto info = pair(1, "SRV-FIN") + pair(3, "srv-fin.corp.example") +
                    pair(9, "TERMSRV/srv-fin.corp.example") + "00000000";
  const auto response =
      "00112233445566778899aabbccddeeff 0101 0000 00000000 0090d336b734c301"
      "aaaaaaaaaaaaaaaa 00000000" +
      info + "00000000";
  const std::string domain{"CORP"};
  const std::string workstation{"WS-ANNA"};
  const auto at_user = 64 + domain.size() * 2;
  const auto at_workstation = at_user + user.size() * 2;
  const auto at_response = at_workstation + workstation.size() * 2;
  return hex_of("NTLMSSP") + "00 03000000" + place(0, 64) +
         place(hex(response).size(), at_response) + place(domain.size() * 2, 64) +
         place(user.size() * 2, at_user) + place(workstation.size() * 2, at_workstation) +
         place(0, 64) + "35b288e2" + utf16_of(domain) + utf16_of(user) + utf16_of(workstation) +
         response;
}

/// NegTokenInit and NegTokenResp of SPNEGO, RFC 4178 4.2.
inline std::string spnego_init(const std::string& mechanism, const std::string& token) {
  return der("60",
             der("06", "2b0601050502") + der("a0", der("30", der("a0", der("30", mechanism)) +
                                                                 der("a2", der("04", token)))));
}
inline std::string spnego_resp(const std::string& token) {
  return der("a1", der("30", der("a0", "0a0101") + der("a2", der("04", token))));
}

inline const std::string kUserToUser = testing::der("06", "2a864886f71201020203");

/// KRB_TGT_REQ of user-to-user, as Windows begins a Kerberos logon: no AP-REQ yet.
inline std::string tgt_req() {
  return der("60", kUserToUser + "0400" + der("30", der("a0", "020105") + der("a1", "020110")));
}
/// AP-REQ, RFC 4120 5.5.1, in its framing; its ticket is for the terminal server.
inline std::string ap_req() {
  const auto sname =
      der("a0", "020102") + der("a1", der("30", der("1b", hex_of("TERMSRV")) +
                                                    der("1b", hex_of("srv-fin.corp.example"))));
  const auto ticket =
      der("61", der("30", der("a0", "020105") + der("a1", der("1b", hex_of("CORP.EXAMPLE"))) +
                              der("a2", der("30", sname)) +
                              der("a3", der("30", der("a0", "020112") +
                                                      der("a2", der("04", "62dd4ce645aa484b"))))));
  const auto body = der("a0", "020105") + der("a1", "02010e") + der("a2", "03050020000000") +
                    der("a3", ticket) +
                    der("a4", der("30", der("a0", "020112") + der("a2", der("04", "0011"))));
  return der("60", kUserToUser + "0100" + der("6e", der("30", body)));
}

}  // namespace remora::credssp::exchange
