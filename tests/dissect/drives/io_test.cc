#include <string>

#include <gtest/gtest.h>

#include "dissect/drives/announcements.h"
#include "dissect/drives/io_completion.h"
#include "dissect/drives/io_request.h"
#include "dissect/drives/status_names.h"
#include "tests/support/channel_talk.h"
#include "tests/support/hex.h"

namespace remora::drives {
namespace {

using testing::operator+;
using testing::hex;
using testing::u32;

constexpr const char* kPadding32 =
    "00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000";

TEST(IoRequest, ReadsOneThatCreates) {
  // [MS-RDPEFS] 4.12. SPEC: its disposition 7 is none of 2.2.13 in [MS-SMB2].
  const auto message = hex(
      "7244 5249 03000000 00000000 01000000 00000000 00000000 80000000 00000000 00000000 00000000"
      "00000000 07000000 01000000 01000000 00000000");
  Cursor in{message};
  EXPECT_EQ(read_header(in).packet, PacketId::kIoRequest);
  const auto request = read_io_request(in);
  EXPECT_EQ(request.device, 3U);
  EXPECT_EQ(request.completion, 1U);
  EXPECT_EQ(request.major, Major::kCreate);
  const auto create = read_create(in);
  EXPECT_TRUE(in.ok());
  EXPECT_EQ(create.path, "");
  EXPECT_TRUE(create.is_directory());
  EXPECT_FALSE(create.empties());
}

TEST(IoRequest, ReadsRanges) {
  // 4.16.
  auto message =
      hex("7244 5249 01000000 32000000 03000000 03000000 00000000 00060000"
          "002c0000 00000000 00000000 00000000 00000000 00000000 00000000");
  Cursor read{message};
  (void)read_header(read);
  EXPECT_EQ(read_io_request(read).file, 0x32U);
  const auto range = read_range(read);
  EXPECT_EQ(range.length, 0x600U);
  EXPECT_EQ(range.offset, 0x2c00U);
  EXPECT_TRUE(read.ok());
  // 4.18.
  message =
      hex("7244 5249 01000000 23020000 06000000 04000000 00000000 09000000 00000000 00000000"
          "00000000 00000000 00000000 00000000 00000000 73666464 73616673 61");
  Cursor write{message};
  (void)read_header(write);
  EXPECT_EQ(read_io_request(write).major, Major::kWrite);
  EXPECT_EQ(read_range(write).length, 9U);
  EXPECT_EQ(write.offset(), kWriteDataAt);
  EXPECT_EQ(as_text(write.rest()), "sfddsafsa");
}

Change change(std::uint32_t what, const testing::Bytes& buffer) {
  const auto body = u32(what) + u32(buffer.size()) + testing::Bytes(24) + buffer;
  return decode(body, read_change).value();
}

TEST(IoRequest, ReadsChanges) {
  const auto name = testing::utf16z("\\b.txt");
  EXPECT_EQ(change(10, testing::Bytes(2) + u32(name.size()) + name).new_path, "\\b.txt");
  EXPECT_TRUE(change(13, {}).deletes);  // 2.2.3.3.9
  EXPECT_TRUE(change(13, hex("01")).deletes);
  EXPECT_FALSE(change(13, hex("00")).deletes);
  EXPECT_EQ(change(20, hex("0000000001000000")).end_of_file, 0x100000000U);
  // 4.28: times and attributes.
  const auto basic = change(4, testing::Bytes(36));
  EXPECT_EQ(basic.what, InformationClass::kBasic);
  EXPECT_FALSE(basic.deletes);
}

TEST(IoRequest, KeepsTheEndOfALongPath) {
  const auto name = testing::utf16z(std::string(2000, 'x') + "\\secret.txt");
  const auto body = testing::Bytes(28) + u32(name.size()) + name;
  const auto path = decode(body, read_create).value().path;
  EXPECT_LE(path.size(), kMaxPath);
  EXPECT_TRUE(path.starts_with("\u2026x"));
  EXPECT_TRUE(path.ends_with("x\\secret.txt"));
}

TEST(IoCompletion, ReadsAnswers) {
  // 4.13.
  auto message = hex("7244 4349 03000000 01000000 a30000c0 00000000 00");
  Cursor created{message};
  EXPECT_EQ(read_header(created).packet, PacketId::kIoCompletion);
  const auto completion = read_io_completion(created);
  EXPECT_FALSE(completion.succeeded());
  EXPECT_EQ(named_status(completion.status).name, "STATUS_DEVICE_NOT_READY");
  EXPECT_EQ(read_created(created).file, 0U);
  // Information is left out, 2.2.1.5.1.
  EXPECT_EQ(decode(hex("05000000"), read_created).value().file, 5U);
  // 4.19.
  EXPECT_EQ(decode(hex("09000000 00"), read_moved).value(), 9U);
}

TEST(IoCompletion, ReadsWhatAFileIs) {
  const auto read = [](std::uint32_t what, std::string_view buffer) {
    return decode(
               hex(buffer),
               [&](Cursor& in) { return read_described(in, static_cast<InformationClass>(what)); })
        .value();
  };
  // 4.27: the attributes are those of a hidden system directory.
  const auto basic = read(4,
                          "24000000 20f71d52 cc5bc701 e860acbe 95a6c701 e860acbe 95a6c701 00000000"
                          "00000000 16000000");
  EXPECT_EQ(basic.directory, true);
  EXPECT_FALSE(basic.end_of_file.has_value());
  // As rdesktop sends it.
  const auto standard = read(5, "16000000 409c0000 00000000 409c0000 00000000 01000000 00 00");
  EXPECT_EQ(standard.end_of_file, 40000U);
  EXPECT_EQ(standard.directory, false);
  EXPECT_EQ(read(35, "08000000 10000000 00000000").directory, true);
  EXPECT_FALSE(read(99, "04000000 01020304").directory.has_value());
}

TEST(IoCompletion, TellsRefusalsFromAttempts) {
  EXPECT_TRUE(is_refusal(0xc0000022));
  EXPECT_TRUE(is_refusal(0xc00000a2));
  EXPECT_FALSE(is_refusal(0xc0000034));
  EXPECT_FALSE(is_refusal(0xc0000035));
  EXPECT_FALSE(is_refusal(0));
  EXPECT_EQ(named_status(0xc0001234).name, "");
}

TEST(IoRequest, FailsWhereItIsCut) {
  const auto whole = hex(std::string{"01000000 01000000"} + kPadding32);
  EXPECT_FALSE(decode(ByteView{whole}.first(19), read_io_request).has_value());
  EXPECT_FALSE(decode(ByteView{whole}.first(31), read_range).has_value());
  EXPECT_FALSE(decode(ByteView{whole}.first(11), read_io_completion).has_value());
  EXPECT_FALSE(decode(hex("0a000000 ffffffff"), read_change).has_value());
}

}  // namespace
}  // namespace remora::drives
