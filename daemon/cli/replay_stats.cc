#include "daemon/cli/replay_stats.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string_view>
#include <sys/resource.h>

namespace remora::cli {
namespace {

std::string number(double value) {
  std::array<char, 32> text{};
  (void)std::snprintf(text.data(), text.size(), "%.6g", value);
  return text.data();
}

/// Keys are this program's own words, or names that the configuration allows: none needs escaping.
std::string object(const std::map<std::string, std::uint64_t>& counts) {
  std::string text = "{";
  for (const auto& [key, count] : counts) {
    if (text.size() > 1) { text += ", "; }
    text += '"' + key + "\": " + std::to_string(count);
  }
  return text + '}';
}

}  // namespace

/// Not ru_maxrss where it can be helped: a process inherits that from the one that started it.
std::uint64_t peak_rss_bytes() {
  std::ifstream status{"/proc/self/status"};
  for (std::string line; std::getline(status, line);) {
    static constexpr std::string_view kPeak = "VmHWM:";
    if (line.starts_with(kPeak)) {
      return std::strtoull(line.c_str() + kPeak.size(), nullptr, 10) * 1024;
    }
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-union-access): how the C library declares it
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

std::string ReplayStats::to_json() const {
  const auto seconds = elapsed.count();
  const auto rate = [&](double amount) { return seconds > 0 ? amount / seconds : 0.0; };
  std::string text = "{\n";
  const auto add = [&](const char* key, const std::string& value, bool last = false) {
    text += std::string{"  \""} + key + "\": " + value + (last ? "\n" : ",\n");
  };
  add("packets", std::to_string(packets));
  add("bytes", std::to_string(bytes));
  add("seconds", number(seconds));
  add("packets_per_second", number(rate(static_cast<double>(packets))));
  add("bits_per_second", number(rate(static_cast<double>(bytes) * 8)));
  add("peak_rss_bytes", std::to_string(peak_rss_bytes()));
  add("flows", std::to_string(flows));
  add("drops", object(drops));
  add("events", object(events_by_kind));
  if (!outputs.empty()) {
    std::string all = "{";
    for (const auto& [name, counts] : outputs) {
      all += (all.size() > 1 ? ", \"" : "\"") + name + "\": " + object(counts);
    }
    add("outputs", all + '}');
    add("given_up", object(given_up));
    add("left_out", object(left_out));
  }
  add("truncated", truncated ? "true" : "false", true);
  return text + "}\n";
}

}  // namespace remora::cli
