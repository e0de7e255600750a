// How many events a second the Kafka output gets confirmed:
//
//   kafka_bench COUNT BATCH CONFIG   as CONFIG, the YAML of an output, says
//   kafka_bench COUNT BATCH mock     by librdkafka's own brokers in this process
//
// Prints events a second, bytes a second of the events as protobuf, and the processor's seconds.
#include <chrono>
#include <ctime>
#include <iostream>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "daemon/config/map.h"
#include "daemon/outputs/kafka/config.h"
#include "daemon/outputs/kafka/output.h"
#include "tests/daemon/outputs/kafka/mock_cluster.h"
#include "tests/support/made_events.h"

namespace {

using remora::delivery::Parcel;
namespace kafka = remora::outputs::kafka;

std::vector<Parcel> make_parcels(std::size_t count) {
  std::vector<Parcel> out;
  out.reserve(count);
  for (std::size_t number = 1; number <= count; ++number) {
    auto event = remora::testing::made_event(number);
    auto bytes = event.SerializeAsString();
    out.push_back({.number = number, .event = std::move(event), .bytes = std::move(bytes)});
  }
  return out;
}

kafka::Config read_config(const std::string& file) {
  remora::config::Problems problems;
  auto map = remora::config::Map::read_file(file, problems);
  (void)map.text("type");
  auto config = kafka::read_config(map);
  map.done();
  for (const auto& problem : problems) { std::cerr << problem << '\n'; }
  return config;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> given(argv + 1, argv + argc);
  if (given.size() != 3) {
    std::cerr << "usage: kafka_bench COUNT BATCH CONFIG|mock\n";
    return 2;
  }
  std::optional<kafka::MockCluster> cluster;
  if (given[2] == "mock") { cluster.emplace(); }
  kafka::KafkaOutput output{cluster.has_value() ? cluster->config() : read_config(given[2])};

  const auto batch = std::stoul(given[1]);
  const auto parcels = make_parcels(std::stoul(given[0]) + 1);
  // The first connects.
  const std::span all{parcels};
  auto outcome = output.send(all.first(1));
  auto rest = all.subspan(outcome.taken);
  std::size_t bytes = 0;
  for (const auto& parcel : rest) { bytes += parcel.bytes.size(); }
  const auto events = static_cast<double>(rest.size());

  const auto start = std::chrono::steady_clock::now();
  const auto processor = std::clock();
  while (!rest.empty()) {
    outcome = output.send(rest.first(std::min(batch, rest.size())));
    if (!outcome.problem.empty()) {
      std::cerr << outcome.problem << '\n';
      return 1;
    }
    rest = rest.subspan(outcome.taken);
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  const auto used = static_cast<double>(std::clock() - processor) / CLOCKS_PER_SEC;
  std::cout << static_cast<long>(events / seconds.count()) << ' '
            << static_cast<long>(static_cast<double>(bytes) / seconds.count()) << ' ' << used
            << '\n';
  return 0;
}
