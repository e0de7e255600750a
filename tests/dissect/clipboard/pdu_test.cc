#include "dissect/clipboard/pdu.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/dissect/clipboard/messages.h"
#include "tests/support/hex.h"

namespace remora::clipboard {
namespace {

using testing::operator+;
using testing::Bytes;
using testing::hex;
using testing::text;
using testing::u32;
using testing::utf16z;

TEST(Pdu, ReadsCapabilities) {
  // [MS-RDPECLIP] 4.1.1.
  const auto message = hex("07000000 10000000 01000000 01000c00 02000000 0e000000");
  Cursor in{message};
  const auto header = read_header(in);
  EXPECT_EQ(header.type, MessageType::kCapabilities);
  EXPECT_EQ(header.data_bytes, 16U);
  EXPECT_TRUE(read_long_names(in));
  EXPECT_TRUE(in.ok());
  EXPECT_FALSE(decode(hex("01000000 01000c00 02000000 0c000000"), read_long_names).value());
  EXPECT_FALSE(decode(hex("00000000"), read_long_names).value());
  // Unknown sets are passed over; one that is too short ends it.
  EXPECT_TRUE(
      decode(hex("02000000 09000600 aabb 01000c00 02000000 02000000"), read_long_names).value());
  EXPECT_FALSE(decode(hex("02000000 09000000"), read_long_names).value());
}

std::optional<std::uint32_t> find(const Bytes& formats, NameForm form, bool ascii = false) {
  return decode(formats, read_file_list_format, form, ascii).value();
}

TEST(Pdu, FindsTheListOfFilesAmongLongNames) {
  // 4.5.1.
  const auto list =
      hex("79c00000 4600 6900 6c00 6500 4700 7200 6f00 7500 7000 4400 6500 7300 6300 7200 6900 7000"
          "7400 6f00 7200 5700 0000");
  EXPECT_EQ(find(list, NameForm::kLong), 49273U);
  EXPECT_EQ(find(list, NameForm::kUnknown), 49273U);
  EXPECT_FALSE(find(list, NameForm::kShort).has_value());
  const auto others = u32(1) + utf16z("") + u32(0xc08a) + utf16z("Rich Text Format");
  EXPECT_EQ(find(others + list + others, NameForm::kLong), 49273U);
  EXPECT_FALSE(find(others, NameForm::kLong).has_value());
  EXPECT_FALSE(find(u32(9) + utf16z("FileGroupDescriptor"), NameForm::kLong).has_value());
  EXPECT_FALSE(find(u32(9) + utf16z("FileGroupDescriptorWX"), NameForm::kLong).has_value());
  EXPECT_FALSE(find(hex("79c00000 4600"), NameForm::kLong).has_value());
  EXPECT_FALSE(find({}, NameForm::kLong).has_value());
}

Bytes short_name(std::uint32_t id, Bytes name) {
  name.resize(32);
  return u32(id) + name;
}

TEST(Pdu, FindsTheListOfFilesAmongShortNames) {
  const auto text_format = short_name(13, {});
  // 2.2.3.1.1.1: what does not fit is cut.
  const auto wide = text_format + short_name(49273, utf16z("FileGroupDescri"));
  EXPECT_EQ(find(wide, NameForm::kShort), 49273U);
  EXPECT_EQ(find(wide, NameForm::kUnknown), 49273U);
  const auto narrow = text_format + short_name(49273, text("FileGroupDescriptorW"));
  EXPECT_EQ(find(narrow, NameForm::kShort, true), 49273U);
  EXPECT_EQ(find(narrow, NameForm::kLong, true), std::nullopt);
  EXPECT_FALSE(find(text_format, NameForm::kShort).has_value());
}

TEST(Pdu, ReadsWhatIsAskedOfAFile) {
  // 4.4.3.1.
  const auto size =
      decode(hex("02000000 01000000 01000000 00000000 00000000 08000000"), read_contents_request)
          .value();
  EXPECT_EQ(size.stream, 2U);
  EXPECT_EQ(size.index, 1U);
  EXPECT_TRUE(size.size);
  EXPECT_FALSE(size.lock.has_value());
  // 4.4.3.2.
  const auto range =
      decode(hex("02000000 01000000 02000000 00000000 00000000 00000100"), read_contents_request)
          .value();
  EXPECT_FALSE(range.size);
  EXPECT_EQ(range.length, 65536U);
  // A huge file, CB_HUGE_FILE_SUPPORT_ENABLED, and a lock.
  const auto huge = decode(hex("02000000 01000000 02000000 00000080 01000000 00000100 05000000"),
                           read_contents_request)
                        .value();
  EXPECT_EQ(huge.offset, 0x180000000U);
  EXPECT_EQ(huge.lock, 5U);
}

TEST(Pdu, ReadsADescriptor) {
  // 4.5.4, the first of the two.
  auto bytes = hex("64400000") + Bytes(32) +
               hex("20000000 00000000 00000000 00000000 00000000 085d302c f355ca01 00000000"
                   "2c000000 4600 6900 6c00 6500 3100 2e00 7400 7800 7400");
  bytes.resize(kDescriptorBytes);
  const auto file = decode(bytes, read_file_descriptor).value();
  EXPECT_EQ(file.name, "File1.txt");
  EXPECT_EQ(file.size, 44U);
  EXPECT_FALSE(file.directory);
  EXPECT_TRUE(decode(testing::descriptor("dir", {}, 0x10), read_file_descriptor).value().directory);
  EXPECT_EQ(decode(testing::descriptor("big", 0x123456789), read_file_descriptor).value().size,
            0x123456789U);
  EXPECT_FALSE(decode(ByteView{bytes}.first(591), read_file_descriptor).has_value());
}

}  // namespace
}  // namespace remora::clipboard
