#include "dissect/bulk/rdp80.h"

#include <gtest/gtest.h>

#include "tests/dissect/bulk/encoder.h"
#include "tests/dissect/bulk/sent.h"
#include "tests/support/hex.h"

namespace remora::bulk {
namespace {

using remora::testing::hex;
using testing::Bytes;
using testing::HighBits;
using testing::Rdp80Sender;
using testing::Sent;
using testing::text_of;

constexpr std::string_view kFox{"The quick brown fox jumps over the lazy dog"};

/// What a message gives, each segment in brackets where there are several, and the error.
std::string told(Rdp80& rdp80, ByteView message) {
  std::string text;
  const auto wrong = rdp80.decompress(message, [&](ByteView bytes) {
    if (!text.empty()) { text += '|'; }
    text += as_text(bytes);
  });
  return wrong.has_value() ? text + '!' + wrong->to_text() : text;
}
std::string told(std::string_view message) {
  Rdp80 rdp80{Rdp80::kFull};
  return told(rdp80, hex(message));
}

TEST(Rdp80, ReadsTheExamplesOfTheSpecification) {
  // [MS-RDPEGFX] 4.2.1.1
  EXPECT_EQ(told("e0 24 ce9b1962 18 00"),
            "\x01\x02\xff"
            "eeeee");
  EXPECT_EQ(told("e0 04 54686520 71756963 6b206272 6f776e20 666f7820 6a756d70 73206f76 65722074"
                 "6865206c 617a7920 646f67"),
            kFox);
  std::string abc;
  for (int i = 0; i < 20; ++i) { abc += "ABC"; }
  EXPECT_EQ(told("e0 24 20908871 1fb2 01"), abc);
  EXPECT_EQ(told("e1 0300 2b000000 11000000 04 54686520 71756963 6b206272 6f776e20"
                 "0e000000 04 666f7820 6a756d70 73206f76 65"
                 "10000000 24 39080e91 f8d8613d 1e440643 799c 02"),
            "The quick brown |fox jumps ove|r the lazy dog");
}

TEST(Rdp80, ReadsAnUnencodedRun) {
  // the fifth: 1,000 bytes, then two more, here as literals
  Bytes message = hex("e0 24 8801f400");
  for (int i = 0; i < 1000; ++i) { message.push_back(static_cast<std::byte>('a' + i % 26)); }
  const auto end = hex("3098 80 06");  // 0 01100001 0 01100010
  message.insert(message.end(), end.begin(), end.end());
  Rdp80 rdp80{Rdp80::kFull};
  const auto text = told(rdp80, message);
  ASSERT_EQ(text.size(), 1002U) << text;
  EXPECT_EQ(text.substr(996), "ijklab");
}

TEST(Rdp80, ReadsTheBitStreamsOfTheSpecification) {
  // 3.1.9.1.2.5: ten times 49; and a distance of 44, length 13
  EXPECT_EQ(told("e0 24 24c4 3880 07"), "IIIIIIIIII");
  HighBits bits;
  for (char letter = 'A'; letter < 'A' + 44; ++letter) {
    if (letter == '@') { continue; }
    bits.put(static_cast<unsigned char>(letter), 9);
  }
  bits.put(0b100100001100, 12);
  bits.put(0b110101, 6);
  const auto unused = bits.fill();
  Bytes message = hex("e0 24");
  message.insert(message.end(), bits.bytes().begin(), bits.bytes().end());
  message.push_back(static_cast<std::byte>(unused));
  Rdp80 rdp80{Rdp80::kFull};
  EXPECT_EQ(told(rdp80, message).substr(44), "ABCDEFGHIJKLM");
}

TEST(Rdp80, ReadsTheDynamicChannelsForm) {
  // [MS-RDPEDYC] 4.3.3
  Rdp80 rdp80{Rdp80::kLite};
  EXPECT_EQ(told(rdp80, hex("e0 26 38c43ff4 74 01")), std::string(1595, 'q'));
  EXPECT_EQ(told(rdp80, hex("e0 06 6869")), "hi");
  EXPECT_EQ(told(rdp80, hex("e0 04 6869")),
            "!RDP8_BULK_ENCODED_DATA at 0: of another compression type");
}

TEST(Rdp80, RefusesWhatNoSenderWrites) {
  EXPECT_EQ(told(""), "!descriptor at 0: 0 of 1 bytes");
  EXPECT_EQ(told("e2 04"), "!descriptor at 1: unexpected value");
  EXPECT_EQ(told("e0"), "!RDP8_BULK_ENCODED_DATA at 0: missing");
  EXPECT_EQ(told("e0 24"), "!RDP8_BULK_ENCODED_DATA at 0: no trailer");
  EXPECT_EQ(told("e0 24 07"), "!RDP8_BULK_ENCODED_DATA at 0: fewer bits than are unused");
  EXPECT_EQ(told("e0 24 80 00"), "!RDP8_BULK_ENCODED_DATA at 0: a reserved token");
  EXPECT_EQ(told("e0 24 20 00"), "!RDP8_BULK_ENCODED_DATA at 0: a literal cut short");
  EXPECT_EQ(told("e0 24 8880 00"), "!RDP8_BULK_ENCODED_DATA at 0: history not known");
  EXPECT_EQ(told("e0 24 8801f400 6162 00"),
            "!RDP8_BULK_ENCODED_DATA at 0: an unencoded run cut short");
  EXPECT_EQ(told("e1 0200 02000000 03000000 04 6869"), "hi!size at 0: 0 of 4 bytes");
  EXPECT_EQ(told("e1 0100 03000000 03000000 04 6869"), "hi!uncompressedSize at 0: less than that");
  EXPECT_EQ(told("e1 0100 01000000 03000000 04 6869"), "!uncompressedSize at 0: more than that");
}

TEST(Rdp80, GivesNoMoreThanAMessageMayHold) {
  // 4,194,304 bytes, by segments of 65,535 that repeat one byte
  HighBits bits;
  bits.put('a', 9);
  bits.put(0b1000100001, 10);
  testing::MppcSender::put_length(bits, 65534);
  const auto unused = bits.fill();
  Bytes message = hex("e1 ffff ffffffff");
  for (int i = 0; i < 65535; ++i) {
    const auto size = hex("00000000");
    message.insert(message.end(), size.begin(), size.end());
    message[message.size() - 4] = static_cast<std::byte>(bits.bytes().size() + 2);
    message.push_back(std::byte{0x24});
    message.insert(message.end(), bits.bytes().begin(), bits.bytes().end());
    message.push_back(static_cast<std::byte>(unused));
  }
  Rdp80 rdp80{Rdp80::kFull};
  std::size_t given = 0;
  const auto wrong = rdp80.decompress(message, [&](ByteView bytes) { given += bytes.size(); });
  ASSERT_TRUE(wrong.has_value());
  EXPECT_EQ(wrong->to_text(), "segmentArray at 0: more than a message may hold");
  EXPECT_LE(given, Rdp80::kMaxMessage);
  EXPECT_GT(given, Rdp80::kMaxMessage - 65536);
  EXPECT_LE(rdp80.memory(), 2'500'000U + 2 * 65536U);
}

TEST(Rdp80, GivesWhatWasSent) {
  for (const bool lite : {false, true}) {
    Rdp80Sender sender{lite};
    Rdp80 rdp80{lite ? Rdp80::kLite : Rdp80::kFull};
    for (const auto& message : testing::made_messages(4, 500, lite ? 1590 : 20'000)) {
      const auto segment = sender.send(message);
      const auto got = rdp80.decompress_segment(segment);
      ASSERT_TRUE(got.has_value()) << got.error().to_text();
      ASSERT_TRUE(std::ranges::equal(*got, message));
    }
    EXPECT_LE(rdp80.memory(), lite ? 3 * 8192U : 2'500'000U + 2 * 65536U);
  }
}

TEST(Rdp80, NeverGivesOtherBytesAfterALoss) {
  Rdp80Sender sender{true};
  std::vector<std::pair<Bytes, Bytes>> sent;
  for (auto& message : testing::made_messages(6, 200, 1590)) {
    auto segment = sender.send(message);
    sent.emplace_back(std::move(segment), std::move(message));
  }
  std::size_t resumed = 0;
  for (std::size_t missing = 0; missing < sent.size(); ++missing) {
    Rdp80 rdp80{Rdp80::kLite};
    for (std::size_t i = 0; i < sent.size(); ++i) {
      if (i == missing) {
        rdp80.lose();
        continue;
      }
      const auto got = rdp80.decompress_segment(sent[i].first);
      if (!got.has_value()) { continue; }
      ASSERT_TRUE(std::ranges::equal(*got, sent[i].second));
      if (i > missing) { ++resumed; }
    }
  }
  EXPECT_GT(resumed, 0U);
}

TEST(Rdp80, GivesNoMoreThanTheBeginningOfASegmentCutShort) {
  Rdp80Sender sender{false};
  for (const auto& message : testing::made_messages(8, 3, 1600)) {
    const auto segment = sender.send(message);
    // the trailer stays: it says how many bits are not used
    for (std::size_t size = 1; size + 1 < segment.size(); ++size) {
      Rdp80 rdp80{Rdp80::kFull};
      Bytes cut{segment.begin(), segment.begin() + static_cast<std::ptrdiff_t>(size)};
      (void)rdp80.decompress_segment(cut);
      Rdp80 other{Rdp80::kFull};
      cut.push_back(std::byte{0});
      (void)other.decompress_segment(cut);
    }
  }
}

}  // namespace
}  // namespace remora::bulk
