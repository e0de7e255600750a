#include "capture/source/pcap_file.h"

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
  const auto variant = detect_pcap(bytes);
  if (!variant.has_value()) { return tl::unexpected{std::string{"not pcap"}}; }
  return PcapFile::open(ByteReader{std::make_unique<MemoryBytes>(bytes, 7)}, *variant, limits);
}

Reading read(const Layout& layout, const ReadLimits& limits = {}) {
  return testing::read_all(*open(layout.bytes(), limits).value());
}

Moment at(std::int64_t nanoseconds) {
  return Moment{Nanoseconds{nanoseconds}};
}

TEST(PcapFile, ReadsBothByteOrdersAndBothTimeUnits) {
  for (const auto order : {std::endian::little, std::endian::big}) {
    for (const auto& [magic, unit] : {std::pair{0xa1b2c3d4U, 1000L}, std::pair{0xa1b23c4dU, 1L}}) {
      const auto reading = read(Layout{order}
                                    .pcap_header(magic)
                                    .pcap_record(1'700'000'000, 123, "first")
                                    .pcap_record(1'700'000'001, 0, "second", 1500));
      ASSERT_EQ(reading.frames.size(), 2U);
      EXPECT_EQ(reading.end, ReadStatus::kEnd);
      EXPECT_EQ(reading.frames[0].at.time, at(1'700'000'000'000'000'000 + 123 * unit));
      EXPECT_EQ(reading.frames[0].at.frame, FrameNumber{1});
      EXPECT_EQ(reading.frames[0].link, LinkType::kEthernet);
      EXPECT_EQ(reading.frames[0].bytes, "first");
      EXPECT_EQ(reading.frames[0].wire_bytes, 5U);
      EXPECT_EQ(reading.frames[1].at.frame, FrameNumber{2});
      EXPECT_EQ(reading.frames[1].bytes, "second");
      EXPECT_EQ(reading.frames[1].wire_bytes, 1500U);
    }
  }
}

TEST(PcapFile, CarriesASubSecondPartOfASecondOrMore) {
  const auto micro = read(Layout{}.pcap_header().pcap_record(10, 2'500'000, "x"));
  EXPECT_EQ(micro.frames[0].at.time, at(12'500'000'000));
  const auto nano = read(Layout{}.pcap_header(0xa1b23c4d).pcap_record(10, 2'500'000'000, "x"));
  EXPECT_EQ(nano.frames[0].at.time, at(12'500'000'000));
  const auto most = read(Layout{}.pcap_header().pcap_record(0xffff'ffff, 0xffff'ffff, "x"));
  EXPECT_EQ(most.frames[0].at.time, at(4'294'967'295'000'000'000 + 4'294'967'295'000));
}

TEST(PcapFile, MasksWhatStandsBesideTheLinkType) {
  const auto reading = read(Layout{}.pcap_header(0xa1b2c3d4, 0x3400'0001).pcap_record(0, 0, "x"));
  EXPECT_EQ(reading.frames[0].link, LinkType::kEthernet);
}

TEST(PcapFile, ReadsTheLongerRecordHeaderOfKuznetzovsVariant) {
  auto layout = Layout{}.pcap_header(0xa1b2cd34);
  for (const auto* text : {"first", "second"}) {
    layout.u32(1).u32(2).u32(5).u32(60);  // time, lengths
    layout.u32(3).u16(8).u8(0).u8(0);     // interface, protocol, packet type, padding
    layout.text(std::string_view{text}.substr(0, 5));
  }
  const auto reading = read(layout);
  ASSERT_EQ(reading.frames.size(), 2U);
  EXPECT_EQ(reading.frames[0].bytes, "first");
  EXPECT_EQ(reading.frames[0].wire_bytes, 60U);
  EXPECT_EQ(reading.frames[1].bytes, "secon");
}

TEST(PcapFile, KnowsThatTheLengthsWereOnceTheOtherWayRound) {
  const auto record = Layout{}.u32(0).u32(0).u32(60).u32(3).text("abc");
  for (const std::uint16_t minor : {std::uint16_t{2}, std::uint16_t{3}}) {
    const auto reading = read(Layout{}.pcap_header(0xa1b2c3d4, 1, minor).add(record));
    ASSERT_EQ(reading.frames.size(), 1U);
    EXPECT_EQ(reading.frames[0].bytes, "abc");
    EXPECT_EQ(reading.frames[0].wire_bytes, 60U);
  }
}

TEST(PcapFile, TheLengthOnTheWireIsAtLeastWhatWasCaptured) {
  const auto reading = read(Layout{}.pcap_header().pcap_record(0, 0, "abcdef", 2));
  EXPECT_EQ(reading.frames[0].wire_bytes, 6U);
}

TEST(PcapFile, AFileWithoutRecordsEndsAtOnce) {
  const auto reading = read(Layout{}.pcap_header());
  EXPECT_TRUE(reading.frames.empty());
  EXPECT_EQ(reading.end, ReadStatus::kEnd);
}

TEST(PcapFile, EveryTruncationGivesTheRecordsBeforeIt) {
  const auto good = Layout{}.pcap_header().pcap_record(1, 0, "abc").pcap_record(2, 0, "defgh");
  testing::for_every_truncation(good.bytes(), [](const auto& cut) {
    const auto source = open(cut);
    if (cut.size() < 24) {
      EXPECT_FALSE(source.has_value());
      return;
    }
    const auto reading = testing::read_all(**source);
    const bool whole = cut.size() == 24 || cut.size() == 43;
    EXPECT_EQ(reading.frames.size(), cut.size() < 43 ? 0U : 1U) << cut.size();
    EXPECT_EQ(reading.end, whole ? ReadStatus::kEnd : ReadStatus::kTruncated) << cut.size();
    if (!whole) { EXPECT_EQ(reading.error.byte_offset, cut.size() < 43 ? 24U : 43U); }
  });
}

TEST(PcapFile, SaysWhereTheFileEndsInsideARecord) {
  const auto header = read(Layout{}.pcap_header().u32(1));
  EXPECT_EQ(header.error.to_text(),
            "the file ends inside a record header: 4 of 16 bytes at byte 24");
  const auto body = read(Layout{}.pcap_header().u32(1).u32(1).u32(60).u32(60).text("abc"));
  EXPECT_EQ(body.error.to_text(), "the file ends inside a record: 19 of 76 bytes at byte 24");
}

TEST(PcapFile, ARecordBeyondTheLimitIsDamageAtItsOffset) {
  const auto reading =
      read(Layout{}.pcap_header().pcap_record(1, 0, "abc").u32(0).u32(0).u32(262'145).u32(262'145));
  EXPECT_EQ(reading.frames.size(), 1U);
  EXPECT_EQ(reading.end, ReadStatus::kFailed);
  EXPECT_EQ(reading.error.to_text(), "record length 262145 exceeds 262144 at byte 43");
}

TEST(PcapFile, ARecordAtTheLimitIsRead) {
  const std::string large(262'144, 'x');
  const auto reading = read(Layout{}.pcap_header().pcap_record(1, 0, large).pcap_record(2, 0, "y"));
  ASSERT_EQ(reading.frames.size(), 2U);
  EXPECT_EQ(reading.frames[0].bytes, large);
}

TEST(PcapFile, TheLimitIsItsOwners) {
  const auto reading = read(Layout{}.pcap_header().pcap_record(1, 0, "abc"), {.frame_bytes = 2});
  EXPECT_EQ(reading.end, ReadStatus::kFailed);
}

TEST(PcapFile, OtherVersionsAreRefusedByName) {
  auto header = Layout{}.u32(0xa1b2c3d4).u16(3).u16(1).u64(0).u64(0);
  EXPECT_EQ(open(header.bytes()).error(), "unknown pcap version 3.1");
}

TEST(PcapFile, SurvivesEveryChangedByte) {
  const auto good = Layout{}.pcap_header().pcap_record(1, 0, "abc").pcap_record(2, 0, "defgh");
  testing::for_every_changed_byte(good.bytes(), [](const auto& changed) {
    const auto source = open(changed);
    if (source.has_value()) { EXPECT_LE(testing::read_all(**source).frames.size(), 2U); }
  });
}

}  // namespace
}  // namespace remora::capture
