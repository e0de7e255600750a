// How many events a second the spool takes, each batch on the disk before the next, and how many an
// output gets out of it again:
//
//   spool_bench EVENTS COUNT BATCH FOLDER
//
// EVENTS is a stream of length-delimited remora.v1.Event, repeated until COUNT were spooled in
// FOLDER. Prints events a second in, bytes a second in, and events a second out.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <limits>
#include <string>
#include <vector>

#include "daemon/event/importance.h"
#include "daemon/event/kind.h"
#include "daemon/outputs/protobuf_stream.h"
#include "daemon/spool/spool.h"
#include "daemon/spool/spool_reader.h"

namespace {

using remora::spool::Spoolable;
using std::chrono::steady_clock;

std::vector<Spoolable> read_events(const std::string& file) {
  std::ifstream in{file, std::ios::binary};
  remora::outputs::ProtobufStreamReader reader{in};
  std::vector<Spoolable> events;
  for (;;) {
    auto event = reader.next();
    if (!event.has_value() || !event->has_value()) { return events; }
    events.push_back({.importance = remora::importance_of(**event),
                      .kind = remora::kind_name(**event),
                      .bytes = (*event)->SerializeAsString()});
  }
}

double seconds_since(steady_clock::time_point start) {
  return std::chrono::duration<double>(steady_clock::now() - start).count();
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> given(argv + 1, argv + argc);
  if (given.size() != 4) {
    std::cerr << "usage: spool_bench EVENTS COUNT BATCH FOLDER\n";
    return 2;
  }
  const auto events = read_events(given[0]);
  const std::size_t count = std::stoul(given[1]);
  const std::size_t batch = std::min<std::size_t>(std::stoul(given[2]), events.size());
  const auto path = given[3] + "/bench-spool.db";
  std::string notice;
  auto spool = remora::spool::Spool::open(
      {.path = path, .max_bytes = std::uint64_t{16} << 30U, .outputs = {"bench"}}, notice);
  if (events.empty() || !spool.has_value()) {
    std::cerr << (events.empty() ? given[0] + ": no events" : spool.error()) << '\n';
    return 1;
  }
  std::size_t taken = 0;
  std::size_t bytes = 0;
  const auto start = steady_clock::now();
  for (std::size_t at = 0; taken < count; at = (at + batch) % (events.size() - batch + 1)) {
    const std::span some{events.data() + at, batch};
    taken += (*spool)->append(some).taken;
    for (const auto& event : some) { bytes += event.bytes.size(); }
  }
  const auto in = seconds_since(start);

  auto reader = remora::spool::SpoolReader::open(path);
  std::uint64_t number = 0;
  std::size_t read = 0;
  const auto start_out = steady_clock::now();
  for (;;) {
    const auto some = reader->read(number, batch, std::numeric_limits<std::size_t>::max(), true);
    if (!some.has_value() || some->empty()) { break; }
    read += some->size();
    number = some->back().number;
    (*spool)->acknowledge("bench", number);
  }
  const auto out = seconds_since(start_out);
  spool->reset();
  for (const auto* suffix : {"", "-wal", "-shm", ".lock", ".reserve"}) {
    std::filesystem::remove(path + suffix);
  }
  std::printf("%.0f %.0f %.0f\n", static_cast<double>(taken) / in, static_cast<double>(bytes) / in,
              static_cast<double>(read) / out);
  return read == taken ? 0 : 1;
}
