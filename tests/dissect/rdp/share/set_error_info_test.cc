#include "dissect/rdp/share/set_error_info.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

using testing::hex;

TEST(SetErrorInfo, GivesItsCode) {
  EXPECT_EQ(decode(hex("0c000000"), read_set_error_info)->error_info, 12U);
  testing::expect_reader_laws(hex("0c000000"), read_set_error_info);
}

TEST(StatusInfo, GivesItsCode) {
  EXPECT_EQ(decode(hex("01040000"), read_status_info)->status_code, 0x401U);
  EXPECT_EQ(decode(hex("0104"), read_status_info).error().field, "statusCode");
}

}  // namespace
}  // namespace remora::rdp
