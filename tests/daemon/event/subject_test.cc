#include "daemon/event/subject.h"

#include <gtest/gtest.h>

namespace remora {
namespace {

TEST(Subject, IsTheSessionElseTheTicketElseTheEventItself) {
  v1::Event event;
  event.set_event_id("e");
  EXPECT_EQ(subject_of(event), "e");
  event.set_ticket_id("t");
  EXPECT_EQ(subject_of(event), "t");
  event.set_session_id("s");
  EXPECT_EQ(subject_of(event), "s");
}

}  // namespace
}  // namespace remora
