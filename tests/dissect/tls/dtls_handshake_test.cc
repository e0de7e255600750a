#include "dissect/tls/dtls_handshake.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/tls/replay_window.h"
#include "tests/support/hex.h"

namespace remora::tls {
namespace {

using remora::testing::hex;
using Bytes = std::vector<std::byte>;

Bytes counted(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t at = 0; at < size; ++at) { bytes[at] = static_cast<std::byte>(at); }
  return bytes;
}

class Handshake : public ::testing::Test {
 protected:
  /// A piece of a message of `length` bytes that counts.
  std::optional<DtlsHandshake::Message> piece(std::uint16_t sequence, std::uint32_t offset,
                                              std::size_t size, std::uint32_t length = 100,
                                              HandshakeType type = HandshakeType::kCertificate,
                                              Side from = Side::kAcceptor) {
    const auto whole = counted(length);
    return handshake_.on_piece(from, {.type = type,
                                      .length = length,
                                      .message_sequence = sequence,
                                      .offset = offset,
                                      .body = ByteView{whole}.subspan(offset, size)});
  }

  DtlsHandshake handshake_{true};
};

TEST_F(Handshake, JoinsPiecesInAnyOrder) {
  EXPECT_FALSE(piece(2, 60, 40).has_value());
  EXPECT_FALSE(piece(2, 0, 30).has_value());
  const auto whole = piece(2, 30, 30);
  ASSERT_TRUE(whole.has_value());
  EXPECT_EQ(Bytes(whole->body().begin(), whole->body().end()), counted(100));
  EXPECT_EQ(Bytes(whole->bytes.begin(), whole->bytes.begin() + 12),
            hex("0b 000064 0002 000000 000064"));
}

TEST_F(Handshake, JoinsPiecesThatOverlap) {
  EXPECT_FALSE(piece(0, 0, 50).has_value());
  EXPECT_FALSE(piece(0, 40, 30).has_value());
  EXPECT_FALSE(piece(0, 0, 20).has_value());
  const auto whole = piece(0, 45, 55);
  ASSERT_TRUE(whole.has_value());
  EXPECT_EQ(Bytes(whole->body().begin(), whole->body().end()), counted(100));
}

TEST_F(Handshake, KeepsMessagesApart) {
  EXPECT_FALSE(piece(0, 0, 50).has_value());
  EXPECT_FALSE(piece(1, 50, 50).has_value());
  EXPECT_FALSE(piece(0, 0, 50, 100, HandshakeType::kCertificate, Side::kInitiator).has_value());
  EXPECT_FALSE(piece(0, 50, 40, 90).has_value());  // of another message, by its length
  EXPECT_TRUE(piece(0, 50, 50).has_value());
  EXPECT_TRUE(piece(1, 0, 50).has_value());
}

TEST_F(Handshake, RefusesPiecesThatLie) {
  const auto bytes = counted(20);
  for (const auto& [length, offset] : std::vector<std::pair<std::uint32_t, std::uint32_t>>{
           {10, 0}, {30, 11}, {19, 0xffffff}, {0xffffff, 0}}) {
    EXPECT_FALSE(handshake_
                     .on_piece(Side::kAcceptor, {.type = HandshakeType::kCertificate,
                                                 .length = length,
                                                 .message_sequence = 0,
                                                 .offset = offset,
                                                 .body = bytes})
                     .has_value());
  }
}

TEST_F(Handshake, ManyBrokenMessagesDoNotKeepALaterOneOut) {
  for (std::uint16_t sequence = 0; sequence < 1000; ++sequence) {
    EXPECT_FALSE(piece(sequence, 1, 50).has_value());
  }
  EXPECT_FALSE(piece(2000, 0, 50).has_value());
  EXPECT_TRUE(piece(2000, 50, 50).has_value());
}

TEST_F(Handshake, HasTheWholeHandshakeOnceNoneIsMissing) {
  using enum HandshakeType;
  constexpr auto kC = Side::kInitiator;
  constexpr auto kS = Side::kAcceptor;
  const auto names = [&] {
    std::string text;
    for (const auto* message : handshake_.up_to_key_exchange(kC)) {
      text += std::to_string(static_cast<int>(message->type)) + " ";
    }
    return text;
  };
  (void)piece(0, 0, 8, 8, kClientHello, kC);
  (void)piece(0, 0, 8, 8, HandshakeType{3}, kS);  // HelloVerifyRequest
  (void)piece(1, 0, 8, 8, kClientHello, kC);
  (void)piece(3, 0, 0, 0, kServerHelloDone, kS);
  (void)piece(2, 0, 8, 8, kCertificate, kS);
  (void)piece(2, 0, 8, 8, kClientKeyExchange, kC);
  EXPECT_EQ(names(), "");
  (void)piece(1, 0, 8, 8, kServerHello, kS);
  EXPECT_EQ(names(), "1 2 11 14 16 ");
  EXPECT_EQ(handshake_.find(kC, kClientHello)->bytes[5], std::byte{1});
}

TEST(ReplayWindow, TakesEachOnceAndNoneThatIsTooOld) {
  ReplayWindow window;
  EXPECT_TRUE(window.is_new(0));
  window.take(0);
  EXPECT_FALSE(window.is_new(0));
  window.take(5);
  EXPECT_TRUE(window.is_new(4));
  window.take(3);
  EXPECT_FALSE(window.is_new(3));
  EXPECT_TRUE(window.is_new(4));
  window.take(67);
  EXPECT_TRUE(window.is_new(4));
  EXPECT_FALSE(window.is_new(5));
  EXPECT_FALSE(window.is_new(3));  // as old as this, nobody knows
  window.take(1000);
  EXPECT_FALSE(window.is_new(4));
  EXPECT_TRUE(window.is_new(999));
  EXPECT_FALSE(window.is_new(936));
  EXPECT_TRUE(window.is_new(937));
  const auto last = (std::uint64_t{1} << 48U) - 1;
  window.take(last);
  EXPECT_FALSE(window.is_new(last));
  EXPECT_TRUE(window.is_new(last - 1));
}

}  // namespace
}  // namespace remora::tls
