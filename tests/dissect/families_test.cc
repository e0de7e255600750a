#include "dissect/families.h"

#include <algorithm>
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
