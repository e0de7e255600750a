#include "dissect/keys/key_ring.h"

#include <string>

#include <gtest/gtest.h>

namespace remora::keys {
namespace {

TEST(KeyRing, KeepsEachPasswordOnceInTheOrderGiven) {
  KeyRing ring;
  EXPECT_TRUE(ring.add_ticket_password("first"));
  EXPECT_TRUE(ring.add_ticket_password("second"));
  EXPECT_TRUE(ring.add_ticket_password("first"));
  ASSERT_EQ(ring.ticket_passwords().size(), 2U);
  EXPECT_EQ(ring.ticket_passwords()[0].text(), "first");
  EXPECT_EQ(ring.ticket_passwords()[1].text(), "second");
}

TEST(KeyRing, TakesNoEmptyPasswordAndNoMoreThanItMayHold) {
  KeyRing ring;
  EXPECT_FALSE(ring.add_ticket_password(""));
  for (std::size_t i = 0; i < KeyRing::kMaxTicketPasswords; ++i) {
    EXPECT_TRUE(ring.add_ticket_password("password " + std::to_string(i)));
  }
  EXPECT_FALSE(ring.add_ticket_password("one more"));
}

}  // namespace
}  // namespace remora::keys
