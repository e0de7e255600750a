#include "daemon/watch/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/watch/made_figures.h"

namespace remora::watch {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Metrics, HaveEveryFigure) {
  const auto text = to_prometheus(full_figures());
  for (const auto* line :
       {R"(remora_build_info{version="1.2.3"} 1)",
        "remora_start_time_seconds 1796027466",
        R"(remora_interface_up{interface="eth0"} 1)",
        R"(remora_packets_total{interface="eth0"} 11)",
        R"(remora_bytes_total{interface="eth0"} 12)",
        R"(remora_drops_total{interface="eth0",where="kernel",reason="full"} 15)",
        R"(remora_drops_total{interface="eth0",where="interface",reason="card"} 16)",
        R"(remora_drops_total{interface="",where="ring",reason="full"} 17)",
        R"(remora_drops_total{interface="",where="parser",reason="memory"} 18)",
        "remora_capture_lag_seconds 1.5",
        "remora_flows 19",
        "remora_flows_total 20",
        R"(remora_sessions{state="opened"} 21)",
        R"(remora_sessions{state="accepted"} 22)",
        R"(remora_events_total{kind="session_opened"} 23)",
        R"(remora_events_total{kind="anomaly"} 24)",
        R"(remora_output_queued{output="siem"} 25)",
        R"(remora_output_sent_total{output="siem"} 26)",
        R"(remora_output_failed_total{output="siem"} 27)",
        R"(remora_output_refused_total{output="siem"} 28)",
        R"(remora_output_skipped_total{output="siem"} 29)",
        "remora_spool_bytes 30",
        R"(remora_spool_given_up_total{kind="sensor_health"} 31)",
        R"(remora_memory_bytes{process="sensor"} 32)",
        R"(remora_memory_bytes{process="shipper"} 33)",
        R"(remora_reloads_total{result="done"} 34)",
        R"(remora_reloads_total{result="refused"} 35)"}) {
    EXPECT_THAT(text, HasSubstr(std::string{line} + '\n'));
  }
}

TEST(Metrics, AreWholeWhateverANameIs) {
  const auto text = to_prometheus(full_figures());
  EXPECT_THAT(text, HasSubstr(R"(remora_interface_up{interface="wlan \"1\"\\??"} 0)"));
  Figures figures;
  figures.outputs = {{.name = std::string(100'000, 'x')}};
  EXPECT_LT(to_prometheus(figures).size(), 10'000);
}

TEST(Metrics, AreLeftOutWhereNothingIsKnown) {
  const auto text = to_prometheus({});
  for (const auto* name :
       {"remora_interface_up", "remora_drops_total", "remora_capture_lag_seconds",
        "remora_start_time_seconds", "remora_output_sent_total"}) {
    EXPECT_THAT(text, Not(HasSubstr(name)));
  }
  EXPECT_THAT(text, HasSubstr("remora_flows 0\n"));
}

TEST(Metrics, AreExactWhereTheyAreLarge) {
  Figures figures;
  figures.flows_total = (std::uint64_t{1} << 53U) - 1;
  EXPECT_THAT(to_prometheus(figures), HasSubstr("remora_flows_total 9007199254740991\n"));
}

}  // namespace
}  // namespace remora::watch
