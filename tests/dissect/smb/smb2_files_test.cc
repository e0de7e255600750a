#include "dissect/smb/smb2_files.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/dissect/smb/file_messages.h"
#include "tests/support/laws.h"

namespace remora::smb {
namespace {

/// The reader behind the header of a message.
template <typename Reader>
[[nodiscard]] auto body_reader(Reader reader) {
  return [reader](Cursor& in) {
    const auto message = in.all();
    in.skip(kSmb2HeaderBytes, "header");
    if constexpr (std::is_invocable_v<Reader, Cursor&, ByteView>) {
      return reader(in, message);
    } else {
      return reader(in);
    }
  };
}

TEST(Smb2Files, TellWhatIsOpened) {
  const auto text = message2(5, {}, create2("in\\a.txt", 0x1040));
  const auto request = decode(as_bytes(text), body_reader(read_smb2_create_request));
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->name, "in\\a.txt");
  EXPECT_TRUE(request->deletes_on_close());
  testing::expect_reader_laws(as_bytes(text), body_reader(read_smb2_create_request));
  const auto answer = message2(5, {.response = true}, created2(893));
  const auto response = decode(as_bytes(answer), body_reader(read_smb2_create_response));
  EXPECT_EQ(response->end_of_file, 893U);
  EXPECT_EQ(response->file.persistent, 0x0807060504030201U);
  EXPECT_EQ(response->file.transient, 0x100f0e0d0c0b0a09U);
  testing::expect_reader_laws(as_bytes(answer), body_reader(read_smb2_create_response));
}

TEST(Smb2Files, TellWhereDataStands) {
  const auto read = message2(8, {}, read2(4096, 512));
  const auto asked = decode(as_bytes(read), body_reader(read_smb2_read_request));
  EXPECT_EQ(asked->offset, 4096U);
  EXPECT_EQ(asked->length, 512U);
  testing::expect_reader_laws(as_bytes(read), body_reader(read_smb2_read_request));
  const auto data = message2(8, {.response = true}, data2("abc"));
  EXPECT_EQ(decode(as_bytes(data), body_reader(read_smb2_read_response))->data_offset, 80U);
  testing::expect_reader_laws(as_bytes(data), body_reader(read_smb2_read_response));
  const auto write = message2(9, {}, write2(7, "abc"));
  const auto written = decode(as_bytes(write), body_reader(read_smb2_write_request));
  EXPECT_EQ(written->file_offset, 7U);
  EXPECT_EQ(written->length, 3U);
  EXPECT_EQ(written->data_offset, 112U);
  testing::expect_reader_laws(as_bytes(write), body_reader(read_smb2_write_request));
}

TEST(Smb2Files, TellWhatIsSet) {
  const auto rename = message2(17, {}, set_info2(10, rename2("b\\c")));
  EXPECT_EQ(decode(as_bytes(rename), body_reader(read_smb2_set_info_request))->new_name, "b\\c");
  testing::expect_reader_laws(as_bytes(rename), body_reader(read_smb2_set_info_request));
  const auto remove = message2(17, {}, set_info2(13, std::string("\1", 1)));
  EXPECT_EQ(decode(as_bytes(remove), body_reader(read_smb2_set_info_request))->delete_pending,
            true);
  const auto other = message2(17, {}, set_info2(4, std::string(40, '\1')));
  EXPECT_FALSE(
      decode(as_bytes(other), body_reader(read_smb2_set_info_request))->delete_pending.has_value());
}

TEST(Smb2Files, MayBeNamedWithServerAndShare) {
  EXPECT_EQ(without_dfs_prefix("srv\\share\\in\\a"), "in\\a");
  EXPECT_EQ(without_dfs_prefix("srv\\share"), "");
  EXPECT_EQ(without_dfs_prefix("a"), "a");
}

}  // namespace
}  // namespace remora::smb
