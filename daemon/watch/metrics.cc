#include "daemon/watch/metrics.h"

#include <algorithm>
#include <array>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>
#include <string_view>
#include <utility>

namespace remora::watch {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<std::pair<const char*, std::string_view>>;

constexpr std::size_t kMaxLabel = 128;

[[nodiscard]] std::string label(std::string_view value) {
  std::string text{value.substr(0, kMaxLabel)};
  std::ranges::replace_if(
      text, [](char letter) { return letter < ' ' || letter >= 0x7f; }, '?');
  return text;
}

[[nodiscard]] std::string_view word(DropFigures::Where where) {
  constexpr std::array<std::string_view, 4> kWords{"kernel", "interface", "ring", "parser"};
  return kWords.at(static_cast<std::size_t>(where));
}

/// The families, one after the other, each with its metrics. Values are set, not counted: whoever
/// counts is elsewhere, and often in another process.
class Page {
 public:
  void family(const char* name, MetricType type, const char* help) {
    families_.push_back({.name = name, .help = help, .type = type, .metric = {}});
  }
  void counter(const char* name, const char* help) { family(name, MetricType::Counter, help); }
  void gauge(const char* name, const char* help) { family(name, MetricType::Gauge, help); }

  /// Doubles are exact up to 2^53: after that a counter grows in steps, which no rate shows.
  void add(std::uint64_t value, const Labels& labels = {}) {
    add_real(static_cast<double>(value), labels);
  }
  void add_real(double value, const Labels& labels = {}) {
    auto& family = families_.back();
    ClientMetric metric;
    for (const auto& [name, text] : labels) { metric.label.push_back({name, label(text)}); }
    if (family.type == MetricType::Counter) {
      metric.counter.value = value;
    } else {
      metric.gauge.value = value;
    }
    family.metric.push_back(std::move(metric));
  }

  [[nodiscard]] std::string text() {
    std::erase_if(families_, [](const auto& family) { return family.metric.empty(); });
    return prometheus::TextSerializer{}.Serialize(families_);
  }

 private:
  std::vector<MetricFamily> families_;
};

/// One family: `value` of every element.
template <typename All, typename ValueOf>
void add_each(Page& page, const char* label_name, const All& all, ValueOf value) {
  for (const auto& one : all) {
    if constexpr (requires { one.name; }) {
      page.add(value(one), {{label_name, one.name}});
    } else {
      page.add(value(one), {{label_name, one.first}});
    }
  }
}
constexpr auto kCount = [](const auto& pair) { return pair.second; };

void add_process(Page& page, const Figures& figures) {
  page.gauge("remora_build_info", "Always 1; the version of the program.");
  page.add(1, {{"version", figures.version}});
  page.gauge("remora_start_time_seconds", "When the daemon started, in seconds since 1970.");
  if (figures.started.has_value()) {
    page.add_real(std::chrono::duration<double>{figures.started->time_since_epoch()}.count());
  }
  page.gauge("remora_memory_bytes", "Resident memory of each process.");
  add_each(page, "process", figures.memory_bytes, kCount);
  page.counter("remora_reloads_total", "Reloads of the configuration.");
  page.add(figures.reloads_done, {{"result", "done"}});
  page.add(figures.reloads_refused, {{"result", "refused"}});
}

void add_capture(Page& page, const Figures& figures) {
  const auto& all = figures.interfaces;
  page.gauge("remora_interface_up", "1 while the interface is open and runs.");
  add_each(page, "interface", all, [](const auto& one) { return one.up ? 1U : 0U; });
  page.counter("remora_packets_total", "Packets read from the interface.");
  add_each(page, "interface", all, [](const auto& one) { return one.packets; });
  page.counter("remora_bytes_total", "Bytes of packets read from the interface.");
  add_each(page, "interface", all, [](const auto& one) { return one.bytes; });
  page.counter("remora_drops_total", "Packets, or parts of them, that were not read.");
  for (const auto& drop : figures.drops) {
    page.add(drop.count,
             {{"interface", drop.interface}, {"where", word(drop.where)}, {"reason", drop.reason}});
  }
  page.gauge("remora_capture_lag_seconds", "Time from the newest packet's capture to its reading.");
  if (figures.capture_lag.has_value()) {
    page.add_real(std::chrono::duration<double>{*figures.capture_lag}.count());
  }
}

void add_sessions(Page& page, const Figures& figures) {
  page.gauge("remora_flows", "Flows in memory.");
  page.add(figures.flows);
  page.counter("remora_flows_total", "Flows seen.");
  page.add(figures.flows_total);
  page.gauge("remora_sessions", "Open sessions.");
  page.add(figures.sessions_opened, {{"state", "opened"}});
  page.add(figures.sessions_accepted, {{"state", "accepted"}});
  page.counter("remora_events_total", "Events found.");
  add_each(page, "kind", figures.events, kCount);
}

void add_delivery(Page& page, const Figures& figures) {
  const auto& all = figures.outputs;
  page.gauge("remora_output_queued", "Events in the spool that the output does not have yet.");
  add_each(page, "output", all, [](const auto& one) { return one.queued; });
  page.counter("remora_output_sent_total", "Events that the receiver has.");
  add_each(page, "output", all, [](const auto& one) { return one.sent; });
  page.counter("remora_output_failed_total", "Batches that failed and were tried again.");
  add_each(page, "output", all, [](const auto& one) { return one.failed; });
  page.counter("remora_output_refused_total", "Events that the receiver refused for good.");
  add_each(page, "output", all, [](const auto& one) { return one.refused; });
  page.counter("remora_output_skipped_total", "Events that the output's filter left out.");
  add_each(page, "output", all, [](const auto& one) { return one.skipped; });
  page.gauge("remora_spool_bytes", "Bytes in use by the spool.");
  page.add(figures.spool_bytes);
  page.counter("remora_spool_given_up_total", "Events that the spool had no room for.");
  add_each(page, "kind", figures.given_up, kCount);
}

}  // namespace

std::string to_prometheus(const Figures& figures) {
  Page page;
  add_process(page, figures);
  add_capture(page, figures);
  add_sessions(page, figures);
  add_delivery(page, figures);
  return page.text();
}

}  // namespace remora::watch
