#include "dissect/dynamic_channels/pdu.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::dynamic_channels {
namespace {

using testing::hex;

TEST(Pdu, ReadsTheExamplesOfTheSpecification) {
  // [MS-RDPEDYC] 4.2: DYNVC_CREATE_REQ "testdvc" on channel 3, and its answer
  const auto bytes = hex("10 03 74 65 73 74 64 76 63 00");
  const auto request = decode(bytes, read_pdu);
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->command, Command::kCreate);
  EXPECT_EQ(request->channel_id, 3U);
  EXPECT_EQ(decode(request->data, read_channel_name).value(), "testdvc");
  const auto answer_bytes = hex("10 03 00 00 00 00");
  const auto answer = decode(answer_bytes, read_pdu);
  EXPECT_EQ(decode(answer->data, read_creation_status).value(), 0);
}

TEST(Pdu, ReadsWideFields) {
  const auto bytes =
      hex("26"        // data first, two bytes of length, four of channel
          "70110100"  // ChannelId
          "d007"      // Length
          "aabb");
  const auto first = decode(bytes, read_pdu);
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->command, Command::kDataFirst);
  EXPECT_EQ(first->channel_id, 70'000U);
  EXPECT_EQ(first->length, 2000U);
  EXPECT_EQ(first->data.size(), 2U);
}

TEST(Pdu, KnowsNoWidthOfThree) {
  EXPECT_EQ(decode(hex("33 03 aa"), read_pdu).error().field, "ChannelId");
  EXPECT_EQ(decode(hex("2c 03 aa"), read_pdu).error().field, "Length");
}

TEST(Pdu, HasNoChannelWhereThatIsNone) {
  const auto bytes = hex("50 00 0300 3333 1111 3d0a a704");
  const auto capabilities = decode(bytes, read_pdu);
  ASSERT_TRUE(capabilities.has_value());
  EXPECT_EQ(capabilities->command, Command::kCapabilities);
  EXPECT_EQ(capabilities->data.size(), 11U);
}

// [MS-RDPEDYC] 2.2.5.1 without its first byte: channels 5 and 70000 go to the reliable tunnel, 6 to
// the lossy one.
const auto kSoftSync =
    hex("00 1c000000 0300 0200"
        "01000000 0200 05000000 70110100"
        "03000000 0100 06000000");

TEST(Pdu, ReadsWhichChannelsMoveToWhichTunnel) {
  const auto lists = decode(kSoftSync, read_soft_sync_request);
  ASSERT_TRUE(lists.has_value());
  ASSERT_EQ(lists->size(), 2U);
  EXPECT_EQ(lists->at(0).tunnel_type, SoftSyncList::kReliable);
  EXPECT_EQ(lists->at(0).channel_ids, (std::vector<std::uint32_t>{5, 70'000}));
  EXPECT_EQ(lists->at(1).tunnel_type, SoftSyncList::kLossy);
  EXPECT_EQ(lists->at(1).channel_ids, (std::vector<std::uint32_t>{6}));
  auto none = kSoftSync;
  none[5] = std::byte{1};  // SOFT_SYNC_CHANNEL_LIST_PRESENT is not set
  EXPECT_TRUE(decode(none, read_soft_sync_request)->empty());
}

TEST(Pdu, ObeysTheLaws) {
  testing::expect_reader_laws(kSoftSync, read_soft_sync_request);
  testing::expect_reader_laws(hex("26 70110100 d007 aabb"), read_pdu);
  testing::expect_reader_laws(hex("74657374 00"), read_channel_name);
  testing::expect_reader_laws(hex("00000000"), read_creation_status);
}

}  // namespace
}  // namespace remora::dynamic_channels
