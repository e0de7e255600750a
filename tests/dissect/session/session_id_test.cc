#include "dissect/session/session_id.h"

#include <gtest/gtest.h>

namespace remora::session {
namespace {

FlowFacts flow() {
  FlowFacts facts;
  facts.sides[0].address = {*IpAddress::parse("192.0.2.1"), Port{50000}};
  facts.sides[1].address = {*IpAddress::parse("192.0.2.2"), Port{3389}};
  return facts;
}

TEST(SessionId, IsTheSameForTheSameBeginning) {
  EXPECT_EQ(make_session_id(flow(), {}), make_session_id(flow(), {}));
}

TEST(SessionId, ChangesWithAddressPortTimeAndFrame) {
  const auto id = make_session_id(flow(), {});
  auto other_port = flow();
  other_port.sides[0].address.port = Port{50001};
  auto swapped = flow();
  std::swap(swapped.sides[0], swapped.sides[1]);
  EXPECT_NE(make_session_id(other_port, {}), id);
  EXPECT_NE(make_session_id(swapped, {}), id);
  EXPECT_NE(make_session_id(flow(), {.time = Moment{Nanoseconds{1}}, .frame = {}}), id);
  EXPECT_NE(make_session_id(flow(), {.time = {}, .frame = FrameNumber{1}}), id);
}

}  // namespace
}  // namespace remora::session
