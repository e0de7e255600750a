// Sends the events of a file through one output, as the delivery of Remora would, for tests that
// have a real receiver:
//
//   send_events CONFIG EVENTS [BATCH [SECONDS]]
//
// CONFIG is YAML: the mapping of one output, with its `type`. EVENTS is a stream of
// length-delimited remora.v1.Event. Tries again after a short pause, or the receiver's, until all
// are taken, for SECONDS (60) at most; each batch has at most BATCH (100) events. Prints a line
// "progress N" whenever events were taken, and at last "sent N refused N tries N"; exit code 1 when
// some were not taken, 2 when CONFIG or EVENTS is wrong. Problems go to stderr.
#include <algorithm>
#include <chrono>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "daemon/config/map.h"
#include "daemon/delivery/output.h"
#include "daemon/outputs/otlp/config.h"
#include "daemon/outputs/otlp/output.h"
#include "daemon/outputs/protobuf_stream.h"
#include "daemon/outputs/stream/config.h"
#include "daemon/outputs/stream/output.h"

namespace {

using remora::config::Map;
using remora::delivery::Output;
using remora::delivery::Parcel;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Long enough to leave a receiver that restarts alone, short enough for a test.
constexpr milliseconds kPause{100};

using Make = std::function<std::unique_ptr<Output>(Map&)>;
const std::map<std::string, Make> kOutputs{
    {"otlp",
     [](Map& map) {
       return std::make_unique<remora::outputs::otlp::OtlpOutput>(
           remora::outputs::otlp::read_config(map));
     }},
    {"stream",
     [](Map& map) {
       return std::make_unique<remora::outputs::stream::Output>(
           remora::outputs::stream::read_config(map));
     }},
};

std::unique_ptr<Output> make_output(const std::string& file) {
  remora::config::Problems problems;
  auto map = Map::read_file(file, problems);
  const auto type = map.required("type");
  const auto found = kOutputs.find(type);
  std::unique_ptr<Output> output;
  if (found == kOutputs.end()) {
    map.complain("type", "is no output of this program");
  } else {
    output = found->second(map);
    map.done();
  }
  for (const auto& problem : problems) { std::cerr << problem << '\n'; }
  return problems.empty() ? std::move(output) : nullptr;
}

bool read_parcels(const std::string& file, std::vector<Parcel>& parcels) {
  std::ifstream in{file, std::ios::binary};
  remora::outputs::ProtobufStreamReader reader{in};
  while (in.good()) {
    auto event = reader.next();
    if (!event.has_value()) {
      std::cerr << file << ": " << event.error() << '\n';
      return false;
    }
    if (!event->has_value()) { return true; }
    auto bytes = (*event)->SerializeAsString();
    parcels.push_back(
        {.number = parcels.size() + 1, .event = std::move(**event), .bytes = std::move(bytes)});
  }
  std::cerr << file << ": cannot be read\n";
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> given(argv + 1, argv + argc);
  if (given.size() < 2 || given.size() > 4) {
    std::cerr << "usage: send_events CONFIG EVENTS [BATCH [SECONDS]]\n";
    return 2;
  }
  const auto output = make_output(given[0]);
  std::vector<Parcel> parcels;
  if (output == nullptr || !read_parcels(given[1], parcels)) { return 2; }
  const std::size_t batch = given.size() > 2 ? std::stoul(given[2]) : 100;
  const auto deadline =
      steady_clock::now() + std::chrono::seconds{given.size() > 3 ? std::stoul(given[3]) : 60};

  std::size_t sent = 0;
  std::size_t refused = 0;
  std::size_t tries = 0;
  std::string problem;
  while (sent < parcels.size() && steady_clock::now() < deadline) {
    const std::span rest{parcels.data() + sent, std::min(batch, parcels.size() - sent)};
    const auto outcome = output->send(rest);
    ++tries;
    sent += outcome.taken;
    refused += outcome.refused;
    if (outcome.problem != problem && !outcome.problem.empty()) {
      std::cerr << outcome.problem << '\n';
    }
    problem = outcome.problem;
    if (outcome.taken > 0) { std::cout << "progress " << sent << std::endl; }
    if (outcome.taken < rest.size()) {
      const auto pause = outcome.retry_after.value_or(kPause);
      if (steady_clock::now() + pause > deadline) { break; }
      std::this_thread::sleep_for(pause);
    }
  }
  std::cout << "sent " << sent << " refused " << refused << " tries " << tries << '\n';
  return sent == parcels.size() ? 0 : 1;
}
