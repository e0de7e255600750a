#include "dissect/assistance/order.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::assistance {
namespace {

using testing::hex;

TEST(Order, ReadsTheExampleOfTheSpecification) {
  // [MS-RDPEMC] 4.1.2
  const auto bytes =
      hex("0800 2400"
          "00000000"  // ParticipantId
          "00000000"  // GroupId
          "0400"      // IS_PARTICIPANT
          "0a00"      // cchString
          "5400450053005400550053004500520030003200");
  const auto order = decode(bytes, read_order);
  ASSERT_TRUE(order.has_value());
  EXPECT_EQ(order->type, OrderType::kParticipantCreated);
  const auto participant = decode(order->body, read_participant_created);
  ASSERT_TRUE(participant.has_value());
  EXPECT_EQ(participant->name, "TESTUSER02");
  EXPECT_TRUE(participant->is_receiver);
  EXPECT_FALSE(participant->may_view);
}

TEST(Order, ReadsRights) {
  const auto participant =
      decode(hex("01000000 00000000 0300 0000"), read_participant_created).value();
  EXPECT_EQ(participant.id, 1U);
  EXPECT_TRUE(participant.may_view);
  EXPECT_TRUE(participant.may_interact);
  EXPECT_FALSE(participant.is_receiver);
}

TEST(Order, ReadsWhoEndedIt) {
  const auto left = decode(hex("01000000 02000000 05000780"), read_participant_removed).value();
  EXPECT_TRUE(left.by_participant);
  EXPECT_EQ(left.code, 0x80070005U);
}

TEST(Order, ReadsLevels) {
  const auto asked = decode(hex("0300 01000000"), read_control_change).value();
  EXPECT_TRUE(asked.view);
  EXPECT_TRUE(asked.interact);
  EXPECT_EQ(asked.participant, 1U);
  EXPECT_FALSE(asked.reason.has_value());
  const auto answered = decode(hex("0300 00000001 00000000"), read_control_change_response).value();
  EXPECT_EQ(answered.reason, 0U);
}

TEST(Order, RefusesLengthsThatCannotBe) {
  EXPECT_EQ(decode(hex("0a00 0300"), read_order).error().field, "Length");
  EXPECT_EQ(decode(hex("0a00 0500"), read_order).error().field, "body");
  EXPECT_EQ(decode(hex("01000000 00000000 0300 0104"), read_participant_created).error().field,
            "cchString");
}

TEST(Order, ObeysTheLaws) {
  testing::expect_reader_laws(hex("0100 0500 00"), read_order);
  testing::expect_reader_laws(hex("01000000 00000000 0300 0100 4100"), read_participant_created);
  testing::expect_reader_laws(hex("01000000 02000000 05000780"), read_participant_removed);
  testing::expect_reader_laws(hex("0300 01000000"), read_control_change);
  testing::expect_reader_laws(hex("0300 01000000 00000000"), read_control_change_response);
}

}  // namespace
}  // namespace remora::assistance
