#include "dissect/bulk/mppc.h"

#include <gtest/gtest.h>

#include "tests/dissect/bulk/encoder.h"
#include "tests/dissect/bulk/sent.h"
#include "tests/support/hex.h"

namespace remora::bulk {
namespace {

using remora::testing::hex;
using testing::Bytes;
using testing::HighBits;
using testing::MppcSender;
using testing::Sent;
using testing::text_of;

constexpr PacketFlags kCompressed{0x20};
constexpr PacketFlags kAtFront{0x60};
constexpr PacketFlags kFlushed{0xa0};

constexpr std::string_view kBells{"for.whom.the.bell.tolls,.the.bell.tolls.for.thee!"};

Bytes bits(std::string_view zeros_and_ones) {
  HighBits out;
  for (const auto bit : zeros_and_ones) {
    if (bit != ' ') { out.put(bit == '1' ? 1 : 0, 1); }
  }
  return out.bytes();
}

std::vector<Sent> sent_by(MppcSender sender, unsigned seed, std::size_t count,
                          std::size_t longest) {
  std::vector<Sent> sent;
  for (auto& message : testing::made_messages(seed, count, longest)) {
    auto packet = sender.send(message);
    sent.push_back({packet.flags, std::move(packet.bytes), std::move(message)});
  }
  return sent;
}

TEST(Mppc, ReadsTheExampleOfTheSpecification) {
  // [MS-RDPBCGR] 3.1.8.2.3, encoded as 3.1.8.4.1 and 3.1.8.4.2 say
  Mppc small{Mppc::Level::k8K};
  EXPECT_EQ(text_of(small.decompress(hex("666f722e77686f6d2e7468652e62656c6c2e746f6c6c732c"
                                         "f4372e66fa1f199484"),
                                     kAtFront)),
            kBells);
  Mppc large{Mppc::Level::k64K};
  EXPECT_EQ(text_of(large.decompress(hex("666f722e77686f6d2e7468652e62656c6c2e746f6c6c732c"
                                         "fa1b97337e87e3329080"),
                                     kAtFront)),
            kBells);
}

TEST(Mppc, ReadsLiterals) {
  Mppc mppc{Mppc::Level::k8K};
  const auto got = mppc.decompress(bits("01010110 10 1100111"), kCompressed);  // 3.1.8.4.1.1
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(text_of(*got), "\x56\xe7");
}

TEST(Mppc, ReplicatesWhatACopyItselfWrites) {
  Mppc mppc{Mppc::Level::k8K};
  // Xcd<2,4>YZ, 3.1.8.2
  EXPECT_EQ(text_of(mppc.decompress(bits("01011000 01100011 01100100 1111 000010 10 00"
                                         "01011001 01011010"),
                                    kCompressed)),
            "XcdcdcdYZ");
  EXPECT_EQ(text_of(mppc.decompress(bits("01111010 1111 000001 110 000"), kCompressed)),
            "zzzzzzzzz");
}

TEST(Mppc, ReadsTheEncodingsThatTheSpecificationSpellsOut) {
  Mppc mppc{Mppc::Level::k8K};
  Bytes history(5000);
  for (std::size_t i = 0; i < history.size(); ++i) { history[i] = static_cast<std::byte>(i % 127); }
  ASSERT_TRUE(mppc.decompress(history, kCompressed).has_value());  // all literals below 80
  const auto copied = [&](std::string_view text, std::size_t distance, std::size_t length) {
    const auto got = mppc.decompress(bits(text), kCompressed);
    if (!got.has_value()) { return got.error().to_text(); }
    Bytes expected;
    for (std::size_t i = 0; i < length; ++i) {
      const auto at = history.size() - distance;
      expected.push_back(history[at]);
      history.push_back(history[at]);
    }
    return std::string{std::ranges::equal(*got, expected) ? "" : "other bytes"};
  };
  EXPECT_EQ(copied("1111 000011          0", 3, 3), "");
  EXPECT_EQ(copied("1110 01000000        110 111", 128, 15), "");
  EXPECT_EQ(copied("110 0001011000000    111110 111000", 1024, 120), "");
  EXPECT_EQ(copied("1111 111111          10 11", 63, 7), "");
  EXPECT_EQ(copied("1110 11111111        1110 0001", 319, 17), "");
  Mppc fresh{Mppc::Level::k8K};
  const auto zeros = fresh.decompress(bits("1111 000001 111111111110 000000000001"), kCompressed);
  ASSERT_TRUE(zeros.has_value());
  EXPECT_EQ(zeros->size(), 4097U);
}

TEST(Mppc, TakesEverythingForValidThatWasFlushed) {
  // 3.1.8.1: the entire history buffer is regarded as valid; before the front stand zeros
  Mppc mppc{Mppc::Level::k64K};
  ASSERT_TRUE(mppc.decompress(as_bytes("abc"), kCompressed).has_value());
  const auto got = mppc.decompress(bits("01100001 11111 000011 0"), kFlushed);
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(text_of(*got), std::string("a\0\0a", 4));
}

TEST(Mppc, KeepsOlderBytesBehindTheFront) {
  Mppc mppc{Mppc::Level::k8K};
  Bytes whole(8192, std::byte{'a'});
  whole[8190] = std::byte{'x'};
  ASSERT_TRUE(mppc.decompress(whole, kCompressed).has_value());
  EXPECT_EQ(text_of(mppc.decompress(bits("01100010 1111 000011 0"), kAtFront)), "bxab");
}

TEST(Mppc, PassesOnWhatIsNotCompressedAndForgetsIt) {
  Mppc mppc{Mppc::Level::k8K};
  EXPECT_EQ(text_of(mppc.decompress(as_bytes("abc"), kCompressed)), "abc");
  EXPECT_EQ(text_of(mppc.decompress(as_bytes("xyz"), PacketFlags{0})), "xyz");
  EXPECT_EQ(text_of(mppc.decompress(bits("1111 000011 0"), kCompressed)), "abc");
  EXPECT_EQ(text_of(mppc.decompress(as_bytes("xyz"), PacketFlags{0x80})), "xyz");  // and flushes
  EXPECT_EQ(text_of(mppc.decompress(bits("1111 000011 0"), kCompressed)), std::string(3, '\0'));
}

TEST(Mppc, KnowsAfterALossOnlyWhatCameSinceTheFront) {
  Mppc mppc{Mppc::Level::k8K};
  ASSERT_TRUE(mppc.decompress(as_bytes("abcdef"), kCompressed).has_value());
  mppc.lose();
  EXPECT_FALSE(mppc.room().has_value());
  EXPECT_EQ(text_of(mppc.decompress(as_bytes("gh"), kCompressed)), "history at 0: not known");
  EXPECT_EQ(text_of(mppc.decompress(as_bytes("ghi"), kAtFront)), "ghi");
  EXPECT_EQ(text_of(mppc.decompress(bits("1111 000011 0"), kCompressed)), "ghi");
  EXPECT_EQ(mppc.room(), 8186U);
  // seven back: before the front
  EXPECT_EQ(text_of(mppc.decompress(bits("1111 000111 0"), kCompressed)),
            "copy-offset at 2: history not known");
  EXPECT_EQ(text_of(mppc.decompress(as_bytes("j"), kCompressed)), "history at 0: not known");
  EXPECT_EQ(text_of(mppc.decompress(bits("1111 000111 0"), kFlushed)), std::string(3, '\0'));
}

TEST(Mppc, RefusesWhatNoSenderWrites) {
  const auto refusal = [](std::string_view text) {
    Mppc mppc{Mppc::Level::k8K};
    return text_of(mppc.decompress(bits(text), kCompressed));
  };
  EXPECT_EQ(refusal("1111 000000 0 00000"), "copy-offset at 2: beyond the history");
  EXPECT_EQ(refusal("110 1111111111111 0 0000"), "copy-offset at 3: beyond the history");
  EXPECT_EQ(refusal("01100001 1111 000001 1111 1111 1111 0"),
            "length-of-match at 3: not one of the encodings");
  EXPECT_EQ(refusal("01100001 1111 000001 1111 1111 1110"), "packet at 4: cut short");
  EXPECT_EQ(refusal("01100001 1111 000001 1111 1111 1110 1111 1111 1111"
                    "1111 000001 1110 0000"),
            "copy-offset at 8: more than the history holds");
  Mppc mppc{Mppc::Level::k8K};
  EXPECT_EQ(text_of(mppc.decompress(Bytes(8193, std::byte{'a'}), kCompressed)),
            "literal at 8192: more than the history holds");
}

TEST(Mppc, GivesWhatWasSent) {
  for (const bool large : {false, true}) {
    for (unsigned seed = 0; seed < 4; ++seed) {
      Mppc mppc{large ? Mppc::Level::k64K : Mppc::Level::k8K};
      testing::expect_round_trip(sent_by(MppcSender{large}, seed, 120, large ? 16'000 : 1600),
                                 [&](const Sent& packet) {
                                   return mppc.decompress(packet.bytes, PacketFlags{packet.flags});
                                 });
    }
  }
}

TEST(Mppc, GivesMessagesAsLargeAsTheHistory) {
  for (const bool large : {false, true}) {
    MppcSender sender{large};
    Mppc mppc{large ? Mppc::Level::k64K : Mppc::Level::k8K};
    for (auto& message : testing::made_messages(3, 6, large ? 65536 : 8192)) {
      message.resize(large ? 65536 : 8192);
      const auto packet = sender.send_compressed(message);
      const auto got = mppc.decompress(packet.bytes, PacketFlags{packet.flags});
      ASSERT_TRUE(got.has_value()) << got.error().to_text();
      EXPECT_TRUE(std::ranges::equal(*got, message));
    }
  }
}

TEST(Mppc, NeverGivesOtherBytesAfterALoss) {
  EXPECT_GT(testing::expect_no_wrong_data_after_loss(sent_by(MppcSender{false}, 1, 300, 1600)), 0U);
  EXPECT_GT(testing::expect_no_wrong_data_after_loss(sent_by(MppcSender{true}, 2, 100, 9000)), 0U);
}

TEST(Mppc, GivesNoMoreThanTheBeginningOfAPacketCutShort) {
  for (const bool large : {false, true}) {
    for (unsigned seed = 20; seed < 24; ++seed) {
      Mppc mppc{large ? Mppc::Level::k64K : Mppc::Level::k8K};
      testing::expect_beginnings(sent_by(MppcSender{large}, seed, 1, 1600).front(),
                                 [&](std::uint8_t flags, const Bytes& cut) {
                                   flags = static_cast<std::uint8_t>(flags | 0x80U);
                                   return mppc.decompress(cut, PacketFlags{flags});
                                 });
    }
  }
}

TEST(Mppc, IsBoundedWhateverComes) {
  testing::expect_bounded(sent_by(MppcSender{false}, 9, 50, 1600), 8192);
  testing::expect_bounded(sent_by(MppcSender{true}, 9, 50, 9000), 65536);
}

TEST(Mppc, TakesItsMemoryWithTheFirstCompressedPacket) {
  Mppc mppc{Mppc::Level::k64K};
  (void)mppc.decompress(as_bytes("abc"), PacketFlags{0x80});
  EXPECT_EQ(mppc.memory(), 0U);
  (void)mppc.decompress(as_bytes("abc"), kCompressed);
  EXPECT_EQ(mppc.memory(), 65536U);
}

}  // namespace
}  // namespace remora::bulk
