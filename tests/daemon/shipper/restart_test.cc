#include "daemon/shipper/restart.h"

#include <gtest/gtest.h>

#include "tests/daemon/shipper/session_story.h"

namespace remora::shipper {
namespace {

TEST(Restart, ClosesASessionWithWhatWasToldLast) {
  const auto last = accepted("s1", 7);
  const auto event = closed_by_restart(last);
  ASSERT_NE(event, nullptr);
  ASSERT_EQ(event->kind_case(), v1::Event::kSessionClosed);
  EXPECT_EQ(event->session_id(), "s1");
  EXPECT_EQ(event->time().seconds(), 7);
  EXPECT_EQ(event->sensor().name(), "tap");
  EXPECT_EQ(event->session_closed().end_reason(), v1::Session::SENSOR_RESTART);
  EXPECT_EQ(event->session_closed().session().client().address(), "192.0.2.1");
  EXPECT_EQ(event->session_closed().session().end_reason(), v1::Session::SENSOR_RESTART);
  ASSERT_EQ(event->evidence_size(), 1);
  EXPECT_EQ(event->evidence(0).rule(), "sensor.restart");
  EXPECT_EQ(event->event_id().size(), 32U);
  // Whoever closes it twice says the same twice.
  EXPECT_EQ(closed_by_restart(last)->SerializeAsString(), event->SerializeAsString());
}

TEST(Restart, WhatTellsOfNoSessionIsNotClosed) {
  v1::Event event;
  event.mutable_sensor_health();
  EXPECT_EQ(closed_by_restart(event), nullptr);
}

}  // namespace
}  // namespace remora::shipper
