#include "dissect/rdp/network_detection.h"

#include <string>

#include <gtest/gtest.h>

#include "dissect/rdp/heartbeat.h"
#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

using observation::NetworkDetection;
using testing::expect_reader_laws;
using testing::hex;
using Kind = NetworkDetection::Kind;

std::optional<NetworkDetection> told(const std::string& text) {
  const auto message = decode(hex(text), read_network_detection);
  EXPECT_TRUE(message.has_value());
  return message.has_value() ? to_observation(*message) : std::nullopt;
}

TEST(NetworkDetection, AsksAndAnswersForARoundTrip) {
  const NetworkDetection request{.kind = Kind::kRttRequest, .sequence = 0x1234};
  EXPECT_EQ(told("06 00 3412 0100"), request);
  EXPECT_EQ(told("06 00 3412 0110"), request);  // while connecting
  EXPECT_EQ(told("06 01 3412 0000"),
            (NetworkDetection{.kind = Kind::kRttResponse, .sequence = 0x1234}));
}

TEST(NetworkDetection, GivesTheCharacteristicsThatItsTypeHas) {
  EXPECT_EQ(told("12 00 0100 c008 15000000 e8030000 17000000"),
            (NetworkDetection{.kind = Kind::kCharacteristics,
                              .sequence = 1,
                              .base_rtt = 21,
                              .average_rtt = 23,
                              .bandwidth = 1000}));
  EXPECT_EQ(told("0e 00 0100 4008 15000000 17000000"),
            (NetworkDetection{
                .kind = Kind::kCharacteristics, .sequence = 1, .base_rtt = 21, .average_rtt = 23}));
  EXPECT_EQ(
      told("0e 00 0100 8008 e8030000 17000000"),
      (NetworkDetection{
          .kind = Kind::kCharacteristics, .sequence = 1, .average_rtt = 23, .bandwidth = 1000}));
  expect_reader_laws(hex("12 00 0100 c008 15000000 e8030000 17000000"), read_network_detection);
}

TEST(NetworkDetection, GivesWhatTheClientMeasuredOrRemembers) {
  for (const auto* type : {"0300", "0b00"}) {
    EXPECT_EQ(
        told(std::string{"0e 01 0200 "} + type + "0c000000 dc050000"),
        (NetworkDetection{
            .kind = Kind::kBandwidthResults, .sequence = 2, .time_delta = 12, .byte_count = 1500}));
  }
  EXPECT_EQ(
      told("0e 01 0300 1800 84030000 19000000"),
      (NetworkDetection{
          .kind = Kind::kCharacteristicsSync, .sequence = 3, .base_rtt = 25, .bandwidth = 900}));
  expect_reader_laws(hex("0e 01 0200 0b00 0c000000 dc050000"), read_network_detection);
}

TEST(NetworkDetection, SaysNothingWhereItOnlySteersAMeasurement) {
  EXPECT_FALSE(told("06 00 0200 1410").has_value());                // start
  EXPECT_FALSE(told("08 00 0200 0200 0400 00010203").has_value());  // payload
  EXPECT_FALSE(told("08 00 0200 2b00 0100 00").has_value());        // stop
  EXPECT_FALSE(told("06 02 0200 0100").has_value());                // of no known type
}

TEST(Heartbeat, HasPeriodAndCounts) {
  const auto bytes = hex("00 02 05 03");
  EXPECT_EQ(decode(bytes, read_heartbeat).value(),
            (observation::HeartbeatSeen{
                .period = 2, .missed_before_warning = 5, .missed_before_reconnect = 3}));
  expect_reader_laws(bytes, read_heartbeat);
}

}  // namespace
}  // namespace remora::rdp
