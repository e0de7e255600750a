#include "dissect/bulk/rdp60.h"

#include <gtest/gtest.h>

#include "tests/dissect/bulk/encoder.h"
#include "tests/dissect/bulk/sent.h"
#include "tests/support/hex.h"

namespace remora::bulk {
namespace {

using remora::testing::hex;
using testing::Bytes;
using testing::LowBits;
using testing::Rdp60Sender;
using testing::Sent;
using testing::text_of;

constexpr PacketFlags kCompressed{0x22};
constexpr PacketFlags kAtFront{0x62};
constexpr PacketFlags kFlushed{0xa2};

std::vector<Sent> sent_by(Rdp60Sender sender, unsigned seed, std::size_t count,
                          std::size_t longest) {
  std::vector<Sent> sent;
  for (auto& message : testing::made_messages(seed, count, longest)) {
    auto packet = sender.send(message);
    sent.push_back({packet.flags, std::move(packet.bytes), std::move(message)});
  }
  return sent;
}

/// Matches, each of a new sender, with literals between them, and the end.
class Stream {
 public:
  Stream& literals(std::string_view text) {
    for (const auto letter : text) {
      Rdp60Sender::put_literal_or_offset(out_, static_cast<unsigned char>(letter));
    }
    return *this;
  }
  Stream& match(std::size_t distance, std::size_t length) {
    Rdp60Sender{}.put_match(out_, {distance, length});
    return *this;
  }
  Stream& code(unsigned index) {
    Rdp60Sender::put_literal_or_offset(out_, index);
    return *this;
  }
  /// Length 3 of a match whose copy-offset stands before.
  Stream& length_3() {
    out_.put(0x0, 2);
    return *this;
  }
  Bytes end() {
    Rdp60Sender::put_literal_or_offset(out_, 256);
    return out_.bytes();
  }
  [[nodiscard]] const Bytes& bytes() { return out_.bytes(); }
  LowBits& bits() { return out_; }

 private:
  LowBits out_;
};

TEST(Rdp60, ReadsTheBells) {
  Rdp60 rdp60;
  EXPECT_EQ(text_of(rdp60.decompress(hex("fb1d7ee4dac71d70f8a16b1f7dc0be6befb5ef2187d0c5e18571d410"
                                         "16e7dafb1d7ee4da471fb0efbebdff2f"),
                                     kCompressed)),
            "for.whom.the.bell.tolls,.the.bell.tolls.for.thee!");
}

TEST(Rdp60, ReadsTheExamplesOfTheSpecification) {
  // 3.1.8.1.4.4.1.1 and 3.1.8.1.4.4.2.1: copy-offsets 8 and 11, lengths 2 and 117
  Stream stream;
  stream.literals("abcdefghijkl");
  stream.bits().put(0x34, 6);
  stream.bits().put(0x00, 2);
  stream.bits().put(0x0001, 4);
  stream.bits().put(0x34, 6);
  stream.bits().put(0x03, 2);
  stream.bits().put(0x01df, 9);
  stream.bits().put(0x03, 4);
  Rdp60 rdp60;
  std::string expected{"abcdefghijkl"};
  for (const auto& [distance, length] : {std::pair{8U, 2U}, std::pair{11U, 117U}}) {
    for (auto i = 0U; i < length; ++i) { expected += expected[expected.size() - distance]; }
  }
  EXPECT_EQ(text_of(rdp60.decompress(stream.end(), kCompressed)), expected);
}

TEST(Rdp60, RemembersFourCopyOffsets) {
  Stream stream;
  stream.literals("abcdefghij").match(3, 3).match(5, 3).match(7, 3).match(9, 3);
  // the cache is 9 7 5 3: the second, then the first is the same again, then the fourth
  stream.code(290).length_3().code(289).length_3().code(292).length_3();
  std::string expected{"abcdefghij"};
  for (const auto distance : {3U, 5U, 7U, 9U, 7U, 7U, 3U}) {
    for (auto i = 0; i < 3; ++i) { expected += expected[expected.size() - distance]; }
  }
  Rdp60 rdp60;
  EXPECT_EQ(text_of(rdp60.decompress(stream.end(), kCompressed)), expected);
  // a flush empties it
  EXPECT_EQ(
      text_of(rdp60.decompress(Stream{}.literals("abc").code(289).length_3().end(), kFlushed)),
      "copy-offset at 0: not known");
}

TEST(Rdp60, SlidesItsHistoryToTheMiddle) {
  Rdp60 rdp60;
  Stream first;
  first.literals("ab").match(1, 16385).match(1, 16385).literals("wxyz");
  ASSERT_TRUE(rdp60.decompress(first.end(), kCompressed).has_value());
  EXPECT_EQ(rdp60.room(), 65536U - 32776U);
  EXPECT_EQ(text_of(rdp60.decompress(Stream{}.match(4, 4).end(), kAtFront)), "wxyz");
  EXPECT_EQ(rdp60.room(), 32764U);
  EXPECT_EQ(text_of(rdp60.decompress(Stream{}.match(32772, 2).end(), kCompressed)), "bb");
  EXPECT_EQ(text_of(rdp60.decompress(Stream{}.match(32775, 2).end(), kCompressed)),
            "copy-offset at 0: history not known");
}

TEST(Rdp60, KnowsAfterALossOnlyWhatCameSinceTheSlide) {
  Rdp60 rdp60;
  ASSERT_TRUE(rdp60.decompress(Stream{}.literals("abc").end(), kCompressed).has_value());
  rdp60.lose();
  EXPECT_EQ(text_of(rdp60.decompress(Stream{}.literals("d").end(), kCompressed)),
            "history at 0: not known");
  EXPECT_EQ(text_of(rdp60.decompress(Stream{}.literals("efg").match(3, 3).end(), kAtFront)),
            "efgefg");
  EXPECT_EQ(text_of(rdp60.decompress(Stream{}.match(6, 2).end(), kCompressed)), "ef");
  EXPECT_EQ(text_of(rdp60.decompress(Stream{}.code(292).length_3().end(), kCompressed)),
            "copy-offset at 0: not known");
  EXPECT_EQ(text_of(rdp60.decompress(Stream{}.literals("efg").end(), kAtFront)), "efg");
  EXPECT_EQ(text_of(rdp60.decompress(Stream{}.match(4, 2).end(), kCompressed)),
            "copy-offset at 0: history not known");
  EXPECT_EQ(text_of(rdp60.decompress(Stream{}.literals("h").end(), kFlushed)), "h");
}

TEST(Rdp60, RefusesWhatNoSenderWrites) {
  Rdp60 rdp60;
  EXPECT_EQ(text_of(rdp60.decompress(hex("ff1f"), kFlushed)),
            "LiteralOrEosOrCopyOffset at 0: not one of the codes");
  EXPECT_EQ(text_of(rdp60.decompress({}, kFlushed)), "LiteralOrEosOrCopyOffset at 0: cut short");
  Stream reserved;
  reserved.literals("abc").code(258);
  reserved.bits().put(0x0ff, 9);  // one of two lengths without a meaning
  EXPECT_EQ(text_of(rdp60.decompress(reserved.end(), kFlushed)),
            "LengthOfMatch at 0: not one of the codes");
  Stream large;
  large.literals("a").match(1, 16385).match(1, 16385).match(1, 16385).match(1, 16381);
  EXPECT_EQ(text_of(rdp60.decompress(large.end(), kFlushed)),
            "copy-offset at 0: more than the history holds");
}

TEST(Rdp60, GivesWhatWasSent) {
  for (unsigned seed = 0; seed < 3; ++seed) {
    Rdp60 rdp60;
    testing::expect_round_trip(sent_by({}, seed, 120, 16'000), [&](const Sent& packet) {
      return rdp60.decompress(packet.bytes, PacketFlags{packet.flags});
    });
  }
}

TEST(Rdp60, NeverGivesOtherBytesAfterALoss) {
  // A sender that looks for the longest match refers to what was before the slide, again and again.
  (void)testing::expect_no_wrong_data_after_loss(sent_by({}, 1, 60, 9000));
}

TEST(Rdp60, GivesNothingOfAPacketCutShort) {
  for (unsigned seed = 20; seed < 24; ++seed) {
    Rdp60 rdp60;
    const auto packet = sent_by({}, seed, 1, 1600).front();
    for (std::size_t size = 0; size < packet.bytes.size(); ++size) {
      const ByteView cut{packet.bytes.data(), size};
      EXPECT_FALSE(rdp60.decompress(cut, kFlushed).has_value()) << size;
    }
  }
}

TEST(Rdp60, IsBoundedWhateverComes) {
  testing::expect_bounded(sent_by({}, 9, 50, 9000), 65536);
}

}  // namespace
}  // namespace remora::bulk
