#include "dissect/rdp/resync.h"

#include <vector>

#include <gtest/gtest.h>

#include "tests/support/hex.h"

namespace remora::rdp {
namespace {

using testing::hex;

/// What is found behind bytes that are no PDU, however many of them are there yet.
void expect_found(const std::vector<std::byte>& pdus, bool from_client, EncryptedForm form) {
  auto bytes = hex("ffff7f0100ff");
  const auto junk = bytes.size();
  bytes.insert(bytes.end(), pdus.begin(), pdus.end());
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    const auto next = find_next_pdu(ByteView{bytes}.first(size), from_client, form);
    EXPECT_LE(next.before, junk) << size;
    if (next.found) { EXPECT_EQ(next.before, junk) << size; }
  }
  const auto whole = find_next_pdu(bytes, from_client, form);
  EXPECT_TRUE(whole.found);
  EXPECT_EQ(whole.before, junk);
}

TEST(FindNextPdu, FindsTpktsAndChainsOfFastPath) {
  expect_found(hex("0300000902f0802180"), true, EncryptedForm::kNonFips);
  const auto key = hex("840c 0102030405060708 aabb");
  auto keys = key;
  keys.insert(keys.end(), key.begin(), key.end());
  keys.insert(keys.end(), key.begin(), key.end());
  expect_found(keys, true, EncryptedForm::kNonFips);
  expect_found(hex("800d 0102030405060708 aabbcc c0800d 0102030405060708 aabb"
                   "800d 0102030405060708 aabbcc"),
               false, EncryptedForm::kNonFips);
  expect_found(hex("8016 10000103 0102030405060708 a1a2a3a4a5a6a7a8"
                   "8016 10000103 0102030405060708 a1a2a3a4a5a6a7a8"
                   "8016 10000103 0102030405060708 a1a2a3a4a5a6a7a8"),
               false, EncryptedForm::kFips);
  expect_found(hex("840c 0102030405060708 aabb 0300000902f0802180"), true, EncryptedForm::kNonFips);
}

TEST(FindNextPdu, IsNotContentWithLess) {
  const auto two = hex("840c 0102030405060708 aabb 840c 0102030405060708 aabb ffffffff");
  EXPECT_FALSE(find_next_pdu(two, true, EncryptedForm::kNonFips).found);
  // Clear fast path, and events that do not fit their number.
  EXPECT_FALSE(
      find_next_pdu(hex("0404001e 0404001e 0404001e"), true, EncryptedForm::kNonFips).found);
  EXPECT_EQ(
      find_next_pdu(std::vector<std::byte>(500, std::byte{0xff}), true, EncryptedForm::kNonFips)
          .before,
      500U);
}

}  // namespace
}  // namespace remora::rdp
