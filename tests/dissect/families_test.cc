#include "dissect/families.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/conversation/conversation.h"
#include "tests/support/hex.h"

namespace remora {
namespace {

using testing::hex;

const auto kRequest =
    hex("0300002a25e00000000000436f6f6b69653a206d737473686173683d6c6172610d0a0100080001000000");
/// Its TPKT claims 204 bytes, so that it is never whole.
const auto kConfirmWithoutEnd = hex("030000cc0ed000001234000200080001000000");
const auto kClientHello =
    hex("16030100370100003303"
        "01356c938660453dfad3aaa4cdf7916c342547371a8507505e7573e2688540581f"
        "00000c00040005000a0009002f00350100");

/// "x224.connection_request tls.client_hello "
std::string rules(std::size_t hello_pieces_of) {
  std::vector<Finding> found;
  Conversation conversation{all_families()};
  conversation.on_bytes(Side::kInitiator, kRequest, {}, found);
  conversation.on_bytes(Side::kAcceptor, kConfirmWithoutEnd, {}, found);
  for (ByteView rest = kClientHello; !rest.empty();) {
    const auto piece = rest.first(std::min(hello_pieces_of, rest.size()));
    conversation.on_bytes(Side::kInitiator, piece, {}, found);
    rest = rest.subspan(piece.size());
  }
  std::string text;
  for (const auto& finding : found) { text += finding.rule + std::string{" "}; }
  return text;
}

TEST(Families, GoOnToTlsBehindADamagedConfirmHoweverTheBytesCome) {
  const auto expected = rules(kClientHello.size());
  EXPECT_NE(expected.find("tls.client_hello"), std::string::npos) << expected;
  for (std::size_t size = 1; size < kClientHello.size(); ++size) {
    EXPECT_EQ(rules(size), expected) << "pieces of " << size;
  }
}

TEST(Families, AreNotAskedOnlyWhereTheyWouldSayNo) {
  std::size_t spared = 0;
  for (const auto& family : all_families()) {
    if (family.recognise == nullptr) { continue; }
    for (unsigned value = 0; value < 65536; ++value) {
      const std::array bytes{static_cast<std::byte>(value >> 8U), static_cast<std::byte>(value)};
      if (family.first_bytes.contain(bytes[0])) { continue; }
      ++spared;
      ASSERT_EQ(family.recognise(bytes), Verdict::kNo) << family.protocol.word << ' ' << value;
      ASSERT_EQ(family.recognise(ByteView{bytes}.first(1)), Verdict::kNo);
    }
  }
  EXPECT_GT(spared, 0U);
}

TEST(Families, AreAskedOfWhatIsTheirs) {
  using namespace std::string_view_literals;
  const std::array starts{
      "GET / HTTP/1.1\r\n"sv,
      "HTTP/1.1 200 OK\r\n"sv,
      "CONNECT srv:3389 HTTP/1.1\r\n"sv,
      "RDG_OUT_DATA /remoteDesktopGateway/ HTTP/1.1\r\n"sv,
      "PROXY TCP4 10.0.0.1 10.0.0.2 1 3389\r\n"sv,
      "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c"sv,
      "\x04\x01\x0d\x3d\x0a\0\0\1\0"sv,
      "\x05\x01\0"sv,
      "\x04\x01\0\0\0\0\0\0\x02\0\0\0\0\0\0\0"sv,
      "220 mail.example ESMTP\r\n"sv,
      "EHLO a\r\n"sv,
      "+OK POP3 ready\r\n"sv,
      "* OK IMAP4rev1\r\n"sv,
      "a1 LOGIN a b\r\n"sv,
      "220 FTP server\r\n"sv,
      "VER 1 MSNP8 CVR0\r\n"sv,
      "MESSAGE sip:a@b SIP/2.0\r\n"sv,
      "<?xml version=\"1.0\"?><UPLOADINFO TYPE=\"Escalated\">"sv,
      "\xff\xfe<\0U\0P\0L\0O\0A\0D\0I\0N\0F\0O\0"sv,
      "\xef\xbb\xbf<UPLOADINFO "sv,
      "65538,1,10.0.0.1:3389,"sv,
      "\0\0\0\x20\xffSMB\x72"sv,
      "\0\0\0\x40\xfeSMB\x40\0"sv,
      "\x05\0\x0b\x03\x10\0\0\0\x48\0\0\0\x01\0\0\0"sv,
  };
  for (const auto start : starts) {
    bool claimed = false;
    for (const auto& family : all_families()) {
      if (family.recognise == nullptr || family.recognise(as_bytes(start)) == Verdict::kNo) {
        continue;
      }
      claimed = true;
      EXPECT_TRUE(family.first_bytes.contain(as_bytes(start)[0])) << family.protocol.word;
    }
    EXPECT_TRUE(claimed) << start;
  }
}

TEST(Families, KnowAGatewayHoweverTheFirstBytesCome) {
  const std::string_view request =
      "GET /remoteDesktopGateway/ HTTP/1.1\r\nHost: gw.corp.example\r\nUpgrade: websocket\r\n\r\n";
  for (std::size_t size = 1; size <= request.size(); ++size) {
    std::vector<Finding> found;
    Conversation conversation{all_families()};
    for (ByteView rest = as_bytes(request); !rest.empty();) {
      const auto piece = rest.first(std::min(size, rest.size()));
      conversation.on_bytes(Side::kInitiator, piece, {}, found);
      rest = rest.subspan(piece.size());
    }
    ASSERT_EQ(found.size(), 1U) << "pieces of " << size;
    EXPECT_STREQ(found[0].rule, "gateway.http");
  }
}

}  // namespace
}  // namespace remora
