#include "capture/source/pcapng_file.h"

#include <gtest/gtest.h>

#include "tests/capture/source/layout.h"
#include "tests/capture/source/reading.h"
#include "tests/support/damage.h"

namespace remora::capture {
namespace {

using testing::Layout;
using testing::MemoryBytes;
using testing::Reading;

tl::expected<std::unique_ptr<FrameSource>, std::string> open(std::span<const std::byte> bytes,
                                                             const ReadLimits& limits = {}) {
  return PcapngFile::open(ByteReader{std::make_unique<MemoryBytes>(bytes, 1000)}, limits);
}

Reading read(const Layout& layout, const ReadLimits& limits = {}) {
  return testing::read_all(*open(layout.bytes(), limits).value());
}

Moment at(std::int64_t nanoseconds) {
  return Moment{Nanoseconds{nanoseconds}};
}

TEST(PcapngFile, IsKnownByItsSectionHeader) {
  EXPECT_TRUE(detect_pcapng(Layout{}.section().bytes()));
  EXPECT_TRUE(detect_pcapng(Layout{std::endian::big}.section().bytes()));
  EXPECT_FALSE(detect_pcapng(Layout{}.u32(0x0a0d0d0a).u32(28).u32(0).bytes()));
  EXPECT_FALSE(detect_pcapng(std::span{Layout{}.section().bytes()}.first(11)));
}

TEST(PcapngFile, ReadsEnhancedPacketsOfBothByteOrders) {
  for (const auto order : {std::endian::little, std::endian::big}) {
    const auto reading =
        read(Layout{order}.section().interface(113).enhanced(0, 1'700'000'000'000'001, "first"));
    ASSERT_EQ(reading.frames.size(), 1U);
    EXPECT_EQ(reading.end, ReadStatus::kEnd);
    EXPECT_EQ(reading.frames[0].at.time, at(1'700'000'000'000'001'000));
    EXPECT_EQ(reading.frames[0].at.frame, FrameNumber{1});
    EXPECT_EQ(reading.frames[0].link, LinkType::kLinuxSll);
    EXPECT_EQ(reading.frames[0].bytes, "first");
    EXPECT_EQ(reading.frames[0].wire_bytes, 5U);
  }
}

TEST(PcapngFile, ASectionBeginsWithItsOwnByteOrderAndItsOwnInterfaces) {
  const auto reading = read(Layout{}.section().interface(1).interface(101).enhanced(1, 0, "a").add(
      Layout{std::endian::big}.section().interface(113).enhanced(0, 0, "b").enhanced(1, 0, "c")));
  ASSERT_EQ(reading.frames.size(), 3U);
  EXPECT_EQ(reading.frames[0].link, LinkType::kRaw);
  EXPECT_EQ(reading.frames[1].link, LinkType::kLinuxSll);
  EXPECT_EQ(reading.frames[1].at.frame, FrameNumber{2});
  EXPECT_EQ(reading.frames[2].link, kUnknownLink);
  EXPECT_EQ(reading.odd_records, 1U);
}

TEST(PcapngFile, ReadsTheClockOfEachInterface) {
  const auto nano = Layout{}.u16(2).u16(3).text("eth0").u16(9).u16(1).u32(9).u32(0);
  const auto binary = Layout{}.u16(9).u16(1).u32(0x81).u16(14).u16(8).u64(100).u32(0);
  const auto reading = read(Layout{}
                                .section()
                                .interface(1, 0, nano)
                                .interface(1, 0, binary)
                                .enhanced(0, 1, "a")
                                .enhanced(1, 3, "b"));
  ASSERT_EQ(reading.frames.size(), 2U);
  EXPECT_EQ(reading.frames[0].at.time, at(1));
  EXPECT_EQ(reading.frames[1].at.time, at(101'500'000'000));
}

TEST(PcapngFile, OptionsOfTheWrongSizeOrCutShortChangeNothing) {
  const auto wrong = Layout{}.u16(9).u16(2).u32(9).u16(14).u16(4).u32(9);
  const auto cut = Layout{}.u16(9).u16(100).u32(9);
  const auto reading = read(Layout{}
                                .section()
                                .interface(1, 0, wrong)
                                .interface(1, 0, cut)
                                .enhanced(0, 1, "a")
                                .enhanced(1, 1, "b"));
  EXPECT_EQ(reading.frames[0].at.time, at(1000));
  EXPECT_EQ(reading.frames[1].at.time, at(1000));
}

TEST(PcapngFile, ReadsSimplePacketsUpToTheSnapLengthAtTheTimeBeforeThem) {
  const auto simple = [](std::uint32_t length, std::string_view data) {
    return Layout{}.block(3, Layout{}.u32(length).text(data));
  };
  const auto reading = read(Layout{}
                                .section()
                                .interface(1, 6, Layout{})
                                .add(simple(5, "hello"))
                                .enhanced(0, 7, "x")
                                .add(simple(1500, "truncated")));
  ASSERT_EQ(reading.frames.size(), 3U);
  EXPECT_EQ(reading.frames[0].bytes, "hello");
  EXPECT_EQ(reading.frames[0].at.time, Moment{});
  EXPECT_EQ(reading.frames[2].bytes, "trunca");
  EXPECT_EQ(reading.frames[2].wire_bytes, 1500U);
  EXPECT_EQ(reading.frames[2].at.time, at(7000));
}

TEST(PcapngFile, ReadsTheObsoletePacketBlock) {
  const auto reading = read(Layout{}.section().interface(1).interface(101).block(
      2, Layout{}.u16(1).u16(0xffff).u32(0).u32(5).u32(3).u32(60).text("abc")));
  ASSERT_EQ(reading.frames.size(), 1U);
  EXPECT_EQ(reading.frames[0].link, LinkType::kRaw);
  EXPECT_EQ(reading.frames[0].bytes, "abc");
  EXPECT_EQ(reading.frames[0].wire_bytes, 60U);
  EXPECT_EQ(reading.frames[0].at.time, at(5000));
}

TEST(PcapngFile, StepsOverWhatItDoesNotNeed) {
  const std::string large(1U << 20U, 'x');
  auto layout = Layout{}.section().interface();
  for (const std::uint32_t type : {4U, 5U, 10U, 99U, 0x8000'0001U}) {
    layout.block(type, Layout{}.text("anything"));
  }
  const auto reading =
      read(layout.enhanced(0, 0, "a").block(99, Layout{}.text(large)).enhanced(0, 0, "b"));
  ASSERT_EQ(reading.frames.size(), 2U);
  EXPECT_EQ(reading.frames[1].at.frame, FrameNumber{2});
  EXPECT_EQ(reading.end, ReadStatus::kEnd);
}

TEST(PcapngFile, GivesTheNumbersThatWiresharkGives) {
  const auto reading = read(Layout{}
                                .section()
                                .interface()
                                .enhanced(0, 0, "a")
                                .block(0xbad, Layout{}.u32(32473).text("custom"))
                                .block(0x4000'0bad, Layout{}.u32(32473).text("custom"))
                                .block(9, Layout{}.text("MESSAGE=journal entry\n\n"))
                                .enhanced(0, 0, "b"));
  ASSERT_EQ(reading.frames.size(), 2U);
  EXPECT_EQ(reading.frames[1].at.frame, FrameNumber{5});
}

TEST(PcapngFile, ReadsAPacketLargerThanItsBuffer) {
  const std::string large(1U << 20U, 'x');
  const auto reading = read(Layout{}.section().interface().enhanced(0, 0, large));
  ASSERT_EQ(reading.frames.size(), 1U);
  EXPECT_EQ(reading.frames[0].bytes, large);
}

TEST(PcapngFile, APacketThatClaimsMoreThanItsBlockGivesWhatTheBlockHolds) {
  const auto reading = read(Layout{}
                                .section()
                                .interface()
                                .block(6, Layout{}.u32(0).u64(0).u32(600).u32(600).text("abcd"))
                                .enhanced(0, 0, "b"));
  ASSERT_EQ(reading.frames.size(), 2U);
  EXPECT_EQ(reading.frames[0].bytes, "abcd");
  EXPECT_EQ(reading.frames[0].wire_bytes, 600U);
  EXPECT_EQ(reading.odd_records, 1U);
}

TEST(PcapngFile, BlocksTooShortForTheirKindAreOddButKeepTheirNumber) {
  for (const std::uint32_t type : {2U, 3U, 6U}) {
    const auto reading =
        read(Layout{}.section().interface().block(type, Layout{}).enhanced(0, 0, "b"));
    ASSERT_EQ(reading.frames.size(), 1U) << type;
    EXPECT_EQ(reading.frames[0].at.frame, FrameNumber{2}) << type;
    EXPECT_EQ(reading.odd_records, 1U) << type;
  }
  const auto reading = read(Layout{}.section().block(1, Layout{}).enhanced(0, 0, "b"));
  EXPECT_EQ(reading.frames[0].link, kUnknownLink);
}

TEST(PcapngFile, InterfacesBeyondTheLimitAreNotRemembered) {
  const auto reading =
      read(Layout{}.section().interface().interface().enhanced(0, 0, "a").enhanced(1, 0, "b"),
           {.interfaces = 1});
  EXPECT_EQ(reading.frames[0].link, LinkType::kEthernet);
  EXPECT_EQ(reading.frames[1].link, kUnknownLink);
}

TEST(PcapngFile, LengthsThatDifferAreDamageAtTheBlock) {
  for (const std::uint32_t type : {6U, 99U}) {
    const auto reading = read(Layout{}
                                  .section()
                                  .interface()
                                  .enhanced(0, 0, "a")
                                  .u32(type)
                                  .u32(32)
                                  .text(std::string(20, 'x'))
                                  .u32(36)
                                  .enhanced(0, 0, "b"));
    EXPECT_EQ(reading.frames.size(), 1U);
    EXPECT_EQ(reading.end, ReadStatus::kFailed);
    EXPECT_EQ(reading.error.to_text(), "block lengths 32 and 36 differ at byte 84");
  }
}

TEST(PcapngFile, ALengthOutOfRangeIsDamageAtTheBlock) {
  for (const std::uint32_t length : {0U, 8U, 13U, (16U << 20U) + 4, 0xffff'fffcU}) {
    const auto reading = read(Layout{}.section().u32(99).u32(length).u64(0).u64(0));
    EXPECT_EQ(reading.end, ReadStatus::kFailed) << length;
    EXPECT_EQ(reading.error.byte_offset, 28U);
  }
}

TEST(PcapngFile, ASectionOfAnotherVersionOrWithoutMagicCannotBeRead) {
  EXPECT_EQ(open(Layout{}.section(2).bytes()).error(), "unknown pcapng version 2.0");
  const auto later = read(Layout{}.section().interface().enhanced(0, 0, "a").section(2));
  EXPECT_EQ(later.frames.size(), 1U);
  EXPECT_EQ(later.error.to_text(), "unknown pcapng version 2.0 at byte 84");
  const auto lost = read(Layout{}.section().block(0x0a0d0d0a, Layout{}.u64(0).u64(0)));
  EXPECT_EQ(lost.error.to_text(), "section header without byte-order magic at byte 28");
  const auto brief = read(Layout{}.section().block(0x0a0d0d0a, Layout{}.u32(0x1a2b3c4d)));
  EXPECT_EQ(brief.error.to_text(), "section header of 16 bytes is too short at byte 28");
}

TEST(PcapngFile, EveryTruncationGivesThePacketsBeforeIt) {
  const auto start = Layout{}.section().interface().enhanced(0, 1, "abc");
  const auto middle = Layout{start}.block(99, Layout{}.text("unknown"));
  const auto good = Layout{middle}.enhanced(0, 2, "de");
  testing::for_every_truncation(good.bytes(), [&](const auto& cut) {
    const auto source = open(cut);
    if (cut.size() < 28) {
      EXPECT_FALSE(source.has_value()) << cut.size();
      return;
    }
    const auto reading = testing::read_all(**source);
    const bool whole = cut.size() == 28 || cut.size() == 48 || cut.size() == start.size() ||
                       cut.size() == middle.size();
    EXPECT_EQ(reading.frames.size(), cut.size() < start.size() ? 0U : 1U) << cut.size();
    EXPECT_EQ(reading.end, whole ? ReadStatus::kEnd : ReadStatus::kTruncated) << cut.size();
    EXPECT_LE(reading.error.byte_offset, cut.size());
  });
}

TEST(PcapngFile, SurvivesEveryChangedByte) {
  const auto options = Layout{}.u16(9).u16(1).u32(9).u16(14).u16(8).u64(1).u32(0);
  const auto good = Layout{}
                        .section()
                        .interface(1, 100, options)
                        .enhanced(0, 1, "abc")
                        .block(3, Layout{}.u32(4).text("abcd"))
                        .block(2, Layout{}.u32(0).u64(5).u32(3).u32(60).text("abc"))
                        .block(99, Layout{}.text("unknown"));
  testing::for_every_changed_byte(good.bytes(), [](const auto& changed) {
    const auto source = open(changed);
    if (source.has_value()) { EXPECT_LE(testing::read_all(**source).frames.size(), 4U); }
  });
}

}  // namespace
}  // namespace remora::capture
