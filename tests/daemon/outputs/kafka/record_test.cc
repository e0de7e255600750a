#include "daemon/outputs/kafka/record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "made_parcels.h"

namespace remora::outputs::kafka {
namespace {

using ::testing::ElementsAre;
using ::testing::FieldsAre;
using ::testing::StrEq;

TEST(KafkaRecord, CarriesTheEventAsItWasSpooled) {
  auto parcel = large_parcel(4, 3);
  const auto record = make_record(parcel, Format::kProtobuf);
  EXPECT_EQ(record.key, "s1");
  EXPECT_EQ(record.value, parcel.bytes);
  EXPECT_THAT(record.headers,
              ElementsAre(FieldsAre(StrEq("content-type"), "application/x-protobuf"),
                          FieldsAre(StrEq("schema"), "remora.v1.Event"),
                          FieldsAre(StrEq("event-id"), "e4"), FieldsAre(StrEq("kind"), "anomaly")));
}

TEST(KafkaRecord, IsJsonWhereThatIsWanted) {
  const auto record = make_record(large_parcel(4, 3), Format::kJson);
  EXPECT_EQ(record.value, R"({"event_id":"e4","session_id":"s1","anomaly":{"detail":"xxx"}})");
  EXPECT_EQ(record.headers.front().value, "application/json");
}

TEST(KafkaRecord, OfATicketIsKeyedByIt) {
  auto parcel = large_parcel(4, 3);
  parcel.event.clear_session_id();
  parcel.event.set_ticket_id("t1");
  EXPECT_EQ(make_record(parcel, Format::kProtobuf).key, "t1");
}

}  // namespace
}  // namespace remora::outputs::kafka
