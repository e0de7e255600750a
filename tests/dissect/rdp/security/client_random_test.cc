#include "dissect/rdp/security/client_random.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "tests/dissect/rdp/golden.h"
#include "tests/dissect/rdp/security/published_key.h"

namespace remora::rdp {
namespace {

TEST(ClientRandom, IsThatOfTheVector) {
  const auto random =
      open_client_random(testing::published_key(), testing::golden::encrypted_client_random());
  ASSERT_TRUE(random.has_value());
  ASSERT_EQ(random->bytes().size(), 32U);
  for (std::size_t i = 0; i < 32; ++i) { EXPECT_EQ(to_u8(random->bytes()[i]), i); }
}

TEST(ClientRandom, IsRefusedUnderAnotherKey) {
  auto other = testing::published_key();
  other.modulus.back() ^= std::byte{0x02};
  EXPECT_FALSE(open_client_random(other, testing::golden::encrypted_client_random()).has_value());
  auto changed = testing::golden::encrypted_client_random();
  changed.front() ^= std::byte{1};
  EXPECT_FALSE(open_client_random(testing::published_key(), changed).has_value());
}

TEST(ClientRandom, IsRefusedInAnotherSize) {
  const auto whole = testing::golden::encrypted_client_random();
  for (std::size_t size = 0; size < 64; ++size) {
    EXPECT_FALSE(open_client_random(testing::published_key(), ByteView{whole}.first(size)));
  }
  // The padding may be missing, but is zeros.
  EXPECT_TRUE(open_client_random(testing::published_key(), ByteView{whole}.first(64)));
  auto padded = whole;
  padded.back() = std::byte{1};
  EXPECT_FALSE(open_client_random(testing::published_key(), padded));
}

}  // namespace
}  // namespace remora::rdp
