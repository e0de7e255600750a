#include "daemon/event/session_of.h"

#include <gtest/gtest.h>

namespace remora {
namespace {

TEST(SessionOf, IsThereInTheKindsThatTellOne) {
  v1::Event event;
  EXPECT_EQ(session_of(event), nullptr);
  event.mutable_session_opened()->mutable_session()->set_session_id("opened");
  EXPECT_EQ(session_of(event)->session_id(), "opened");
  event.mutable_session_accepted()->mutable_session()->set_session_id("accepted");
  EXPECT_EQ(session_of(event)->session_id(), "accepted");
  event.mutable_session_updated()->mutable_session()->set_session_id("updated");
  EXPECT_EQ(session_of(event)->session_id(), "updated");
  event.mutable_session_closed()->mutable_session()->set_session_id("closed");
  EXPECT_EQ(session_of(event)->session_id(), "closed");
  event.mutable_logon();
  EXPECT_EQ(session_of(event), nullptr);
}

}  // namespace
}  // namespace remora
