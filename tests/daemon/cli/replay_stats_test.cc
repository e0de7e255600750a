#include "daemon/cli/replay_stats.h"

#include <gtest/gtest.h>

namespace remora::cli {
namespace {

TEST(ReplayStats, IsOneJsonObjectWithEveryKeyOfTheContract) {
  ReplayStats stats{.packets = 10,
                    .bytes = 1000,
                    .flows = 2,
                    .drops = {{"not_ip", 3}},
                    .events_by_kind = {{"session_opened", 1}, {"session_closed", 1}},
                    .outputs = {{"file", {{"sent", 2}}}, {"siem", {{"sent", 1}, {"waiting", 1}}}},
                    .given_up = {{"anomaly", 7}},
                    .left_out = {{"excluded", 4}},
                    .truncated = true,
                    .elapsed = std::chrono::seconds{2}};
  const auto text = stats.to_json();
  for (const auto* part :
       {"\"packets\": 10", "\"bytes\": 1000", "\"seconds\": 2", "\"packets_per_second\": 5",
        "\"bits_per_second\": 4000", "\"peak_rss_bytes\": ", "\"flows\": 2",
        "\"drops\": {\"not_ip\": 3}", "\"events\": {\"session_closed\": 1, \"session_opened\": 1}",
        "\"outputs\": {\"file\": {\"sent\": 2}, \"siem\": {\"sent\": 1, \"waiting\": 1}}",
        "\"given_up\": {\"anomaly\": 7}", "\"left_out\": {\"excluded\": 4}",
        "\"truncated\": true"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << " in " << text;
  }
}

TEST(ReplayStats, DividesNothingByNoTime) {
  EXPECT_NE(ReplayStats{}.to_json().find("\"packets_per_second\": 0"), std::string::npos);
}

TEST(PeakRss, IsThatOfARunningProgram) {
  EXPECT_GT(peak_rss_bytes(), 100'000U);
}

}  // namespace
}  // namespace remora::cli
