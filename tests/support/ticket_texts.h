#pragma once

// Tickets written as [MS-RAI] 2.2 and 6 have them, for the tests of all that carries them.
// Addresses and names are those of documentation; the encrypted string was made outside of this
// program.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace remora::testing {

inline constexpr std::string_view kTicketPassword{"K7P3ZQ2M9XTB"};

/// The RA session id of all Vista tickets here: bytes 00 to 2F.
inline constexpr std::string_view kVistaSessionId{
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4v"};
inline constexpr std::string_view kXpSessionId{"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="};

/// What kLhTicket holds, but for the line end behind it.
inline constexpr std::string_view kConnectionString2{
    R"(<E><A KH="+KZQJJglqMs517HInCm4RODpxJ4=" )"
    R"(ID="AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4v"/>)"
    R"(<C><T ID="1" SID="305419896"><L P="49671" N="2001:db8::10"/>)"
    R"(<L P="49672" N="192.0.2.10"/></T></C></E>)"};

inline constexpr std::string_view kLhTicket{
    "ADB4C5A4ED1A0501CE60730652C2298BEF52FB9815E3427E0EAEDD36F72C0ADC6C08BCA42A512E6C5C7C689B3FAD15"
    "0A"
    "E3EDEAC17964BD29454AE2D1B1528087952A6466B7C2326553434A5FD1897F9649D1031FF392B8D5503DE812C4D628"
    "0C"
    "E3404F39C7E7166281B8AF38DFAEA3DEFC6624DE0B55771432C608D0A70966F4C7E12A539FC148E845FFDD326EA8E1"
    "44"
    "62E80B22FA4377C82C9CDEB925E27EA6D2A575B4CC11836FCFB0A4FB952D23C495ADD13F561604EBAA4CA0696E523B"
    "DE"
    "144F2909052A7D0E7746854B99CF0CF4689D13734FDC5A24A8F3FAF4F92B92688F1877250C2281BD3595F69F11BA46"
    "CA"
    "B62BAE6E595BE9F4F2F32D707776B02ED559092A63135075F895171E71803B39288897F779BE9A70400311EF367558"
    "C8"
    "C9776AE9CE9A386BBFA762781FF3625484A1F7CC9360F73FB4DDBF2DCDE3469186A6CA32F74BB116BFF4233488294C"
    "E6"
    "5476969DC3B9A8096ED740B39F7F22B59227E272F07519148AD2EF089E80612912FC396EF1E2893AD8D0EC62C355B0"
    "7D"
    "51DF3C31910D44ACEA35EF85D928ECE4F3FEC13437B5CA8C48409805AD51ADB030F94C40F9709F17DCAF3EE1D6775A"
    "8D"};

inline constexpr std::string_view kConnectionString1{
    "65538,1,192.0.2.20:3389;novice.corp.example:3389,*,"
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=,*,*,AAECAwQFBgcICQoLDA0ODxAREhM="};

/// An invitation of Windows XP.
inline std::string xp_ticket() {
  return R"(<?xml version="1.0" encoding="Unicode" ?><UPLOADINFO TYPE="Escalated">)"
         R"(<UPLOADDATA USERNAME="Dave" RCTICKET=")" +
         std::string{kConnectionString1} +
         R"(" RCTICKETENCRYPTED="0" DtStart="1700000000" DtLength="60" L="0" /></UPLOADINFO>)";
}

/// One of Windows Vista and later, with a connection string for XP too.
inline std::string vista_ticket() {
  return R"(<?xml version="1.0"?>
<UPLOADINFO TYPE="Escalated"><UPLOADDATA USERNAME="carol" LHTICKET=")" +
         std::string{kLhTicket} + R"(" RCTICKET="65538,1,192.0.2.10:49672,*,)" +
         std::string{kVistaSessionId} +
         R"(,*,*,+KZQJJglqMs517HInCm4RODpxJ4=" PassStub="q+7Rb_2Kd9XzQm" RCTICKETENCRYPTED="1" )"
         R"(DtStart="1700000000" DtLength="360" L="0"/></UPLOADINFO>)";
}

inline std::vector<std::byte> ascii(std::string_view text) {
  std::vector<std::byte> bytes;
  for (const char c : text) { bytes.push_back(static_cast<std::byte>(c)); }
  return bytes;
}

/// ASCII as UTF-16LE, with byte order mark or without.
inline std::vector<std::byte> utf16le(std::string_view text, bool with_mark) {
  std::vector<std::byte> bytes;
  if (with_mark) { bytes = {std::byte{0xff}, std::byte{0xfe}}; }
  for (const char c : text) {
    bytes.push_back(static_cast<std::byte>(c));
    bytes.push_back(std::byte{0});
  }
  return bytes;
}

}  // namespace remora::testing
