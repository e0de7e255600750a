#include "dissect/rdp/share/control.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

TEST(Control, ReadsEveryField) {
  const auto bytes = testing::hex("0200 ef03 ea030000");
  const auto control = decode(bytes, read_control);
  ASSERT_TRUE(control.has_value());
  EXPECT_EQ(control->action, ControlAction::kGrantedControl);
  EXPECT_EQ(control->grant_id, 1007);
  EXPECT_EQ(control->control_id, 1002U);
  testing::expect_reader_laws(bytes, read_control);
}

}  // namespace
}  // namespace remora::rdp
