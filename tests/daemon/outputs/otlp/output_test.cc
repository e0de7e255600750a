#include "daemon/outputs/otlp/output.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace remora::outputs::otlp {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// What a receiver answers, and how batches are cut, is tested in tests/delivery/otlp_fault_test.py.

TEST(OtlpOutput, WithoutAReceiverNothingIsTakenAndTheProblemSaysWhere) {
  Config config;
  config.url = "http://127.0.0.1:1/v1/logs";
  config.headers = {"Authorization: Bearer secret"};
  OtlpOutput output{config};
  const std::vector<delivery::Parcel> batch(3);
  const auto outcome = output.send(batch);
  EXPECT_EQ(outcome.taken, 0U);
  EXPECT_EQ(outcome.refused, 0U);
  EXPECT_THAT(outcome.problem,
              AllOf(HasSubstr("http://127.0.0.1:1/v1/logs: "), Not(HasSubstr("secret"))));
  output.reopen();
  EXPECT_EQ(output.send(batch).taken, 0U);
}

}  // namespace
}  // namespace remora::outputs::otlp
