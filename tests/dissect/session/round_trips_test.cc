#include "dissect/session/round_trips.h"

#include <chrono>

#include <gtest/gtest.h>

namespace remora::session {
namespace {

using std::chrono::milliseconds;

Moment at(int millisecond) {
  return Moment{milliseconds{millisecond}};
}

TEST(RoundTrips, TakeAsLongAsFromTheRequestToItsResponse) {
  RoundTrips trips;
  trips.on_request(1, at(0));
  trips.on_request(2, at(10));
  EXPECT_EQ(trips.on_response(2, at(15)), milliseconds{5});
  EXPECT_EQ(trips.on_response(1, at(30)), milliseconds{30});
}

TEST(RoundTrips, AResponseAnswersOnce) {
  RoundTrips trips;
  EXPECT_FALSE(trips.on_response(1, at(0)).has_value());
  trips.on_request(1, at(0));
  EXPECT_TRUE(trips.on_response(1, at(1)).has_value());
  EXPECT_FALSE(trips.on_response(1, at(2)).has_value());
}

TEST(RoundTrips, OfTwoRequestsOfANumberTheLaterCounts) {
  RoundTrips trips;
  trips.on_request(1, at(0));
  trips.on_request(1, at(100));
  EXPECT_EQ(trips.on_response(1, at(103)), milliseconds{3});
}

TEST(RoundTrips, RememberSoManyRequests) {
  RoundTrips trips;
  for (std::uint16_t number = 0; number <= RoundTrips::kMost; ++number) {
    trips.on_request(number, at(number));
  }
  EXPECT_FALSE(trips.on_response(0, at(50)).has_value());
  EXPECT_TRUE(trips.on_response(1, at(50)).has_value());
}

TEST(RoundTrips, WhatWasAnsweredDisplacesNothing) {
  RoundTrips trips;
  trips.on_request(0, at(0));
  for (std::uint16_t number = 1; number < 100; ++number) {
    trips.on_request(number, at(number));
    EXPECT_TRUE(trips.on_response(number, at(number)).has_value());
  }
  EXPECT_EQ(trips.on_response(0, at(100)), milliseconds{100});
}

TEST(RoundTrips, ATimeThatGoesBackMeasuresNothing) {
  RoundTrips trips;
  trips.on_request(1, at(10));
  EXPECT_FALSE(trips.on_response(1, at(9)).has_value());
}

}  // namespace
}  // namespace remora::session
