#include "dissect/dcerpc/calls.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"

namespace remora::dcerpc {
namespace {

constexpr PduHeader kFirst{.flags = PduHeader::kFirstFragment};
constexpr PduHeader kMiddle{};

StubFragment fragment(ByteView bytes, bool sealed = false) {
  return {.bytes = bytes, .sealed = sealed};
}

TEST(Calls, PutFragmentsTogether) {
  Calls calls;
  calls.begin({.id = 1, .interface = Interface::kRaSrv, .opnum = 7, .ndr = true});
  const auto bytes = testing::hex("aabb");
  ASSERT_NE(calls.add(1, kFirst, fragment(bytes)), nullptr);
  const auto* call = calls.add(1, kMiddle, fragment(bytes));
  ASSERT_NE(call, nullptr);
  EXPECT_EQ(call->stub.size(), 4U);
  EXPECT_TRUE(call->readable());
  EXPECT_EQ(calls.add(2, kFirst, fragment(bytes)), nullptr);
}

TEST(Calls, BeginAnewWithTheAnswer) {
  Calls calls;
  calls.begin({.id = 1, .ndr = true});
  const auto bytes = testing::hex("aabb");
  (void)calls.add(1, kFirst, fragment(bytes, true));
  EXPECT_FALSE(calls.find(1)->readable());
  const auto* call = calls.add(1, kFirst, fragment(bytes));
  EXPECT_EQ(call->stub.size(), 2U);
  EXPECT_TRUE(call->readable());
}

TEST(Calls, CannotBeReadWhereAPieceIsMissing) {
  Calls calls;
  calls.begin({.id = 1, .ndr = true});
  const auto bytes = testing::hex("aabb");
  (void)calls.add(1, kFirst, fragment(bytes));
  calls.spoil();
  EXPECT_FALSE(calls.add(1, kMiddle, fragment(bytes))->readable());
}

TEST(Calls, AreForgottenWhereTheyGrowTooLarge) {
  Calls calls;
  calls.begin({.id = 1});
  const std::vector<std::byte> much(Calls::kMaxStubBytes);
  EXPECT_NE(calls.add(1, kFirst, fragment(much)), nullptr);
  EXPECT_EQ(calls.add(1, kMiddle, fragment(ByteView{much}.first(1))), nullptr);
  EXPECT_EQ(calls.find(1), nullptr);
}

TEST(Calls, GoOldestFirst) {
  Calls calls;
  for (std::uint32_t id = 0; id <= Calls::kMaxCalls; ++id) { calls.begin({.id = id}); }
  EXPECT_EQ(calls.find(0), nullptr);
  EXPECT_NE(calls.find(1), nullptr);
  calls.end(1);
  EXPECT_EQ(calls.find(1), nullptr);
}

}  // namespace
}  // namespace remora::dcerpc
