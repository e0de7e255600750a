#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "tests/support/der.h"
#include "tests/support/hex.h"

/// SMB messages as hexadecimal text, laid out as [MS-SMB2] 2.2, [MS-CIFS] 2.2 and RFC 1002 4.3 say.
namespace remora::smb {

[[nodiscard]] inline std::size_t size_of(const std::string& text) {
  return testing::hex(text).size();
}
[[nodiscard]] inline std::string u16(std::size_t value) {
  return testing::hex_of(
      std::string{static_cast<char>(value & 0xffU), static_cast<char>(value >> 8U)});
}
/// Type and 24-bit length, big-endian.
[[nodiscard]] inline std::string framed(const std::string& message, const char* type = "00") {
  const auto size = size_of(message);
  return type + std::string{"00"} +
         testing::hex_of(
             std::string{static_cast<char>(size >> 8U), static_cast<char>(size & 0xffU)}) +
         message;
}

/// SMB2 Packet Header, [MS-SMB2] 2.2.1.2.
[[nodiscard]] inline std::string smb2(std::size_t command, bool response, const std::string& body,
                                      std::size_t next = 0) {
  return "fe534d42 4000 0000 00000000" + u16(command) + "0100" +
         (response ? "01000000" : "00000000") + u16(next) + "0000" + "0000000000000000" +
         "fffe000000000000" + "0100000000000000" + "00000000000000000000000000000000" + body;
}
/// SESSION_SETUP Request, 2.2.5, and Response, 2.2.6.
[[nodiscard]] inline std::string smb2_setup(const std::string& blob, bool response) {
  return response ? smb2(1, true, "0900 0000" + u16(72) + u16(size_of(blob)) + blob)
                  : smb2(1, false,
                         "1900 00 01 01000000 00000000" + u16(88) + u16(size_of(blob)) +
                             "0000000000000000" + blob);
}
/// TREE_CONNECT Request, 2.2.9.
[[nodiscard]] inline std::string smb2_tree(std::string_view path, std::size_t next = 0) {
  const auto text = testing::utf16_of(path);
  return smb2(3, false, "0900 0000" + u16(72) + u16(size_of(text)) + text, next);
}

/// SMB_Header, [MS-CIFS] 2.2.3.1; Flags2 with Unicode.
[[nodiscard]] inline std::string smb1(const char* command, bool response, const std::string& rest) {
  return "ff534d42" + std::string{command} + "00000000" + (response ? "88" : "08") + "0180" +
         "0000" + "0000000000000000" + "0000" + "ffff" + "fffe" + "0000" + "0100" + rest;
}

/// NEGOTIATE, CHALLENGE and AUTHENTICATE of [MS-NLMP] 2.2.1, as short as they may be.
[[nodiscard]] inline std::string ntlm_negotiate() {
  return "4e544c4d53535000 01000000 01020800";
}
[[nodiscard]] inline std::string ntlm_challenge() {
  return "4e544c4d53535000 02000000 0000 0000 30000000 01008000 0123456789abcdef"
         "0000000000000000 2800 2800 30000000"
         "0300 2000" +
         testing::utf16_of("srv.corp.example") + "00000000";
}
[[nodiscard]] inline std::string ntlm_authenticate() {
  return "4e544c4d53535000 03000000"
         "0000 0000 40000000 0000 0000 40000000"
         "0800 0800 40000000 0a00 0a00 48000000 0400 0400 52000000 0000 0000 56000000"
         "01020800" +
         testing::utf16_of("CORPaliceWS");
}

}  // namespace remora::smb
