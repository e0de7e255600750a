// What a flow costs: flow_bench [FLOWS [BUSY]] places one packet in each of so many flows
// (2,000,000 unless said), as a scan does, then many packets in BUSY flows (200,000 unless said) at
// random, as busy hosts do. Prints nanoseconds a packet and resident bytes a flow.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <unistd.h>
#include <vector>

#include "capture/flow/flow_table.h"

namespace {

using remora::capture::EndedFlow;
using remora::capture::FlowLimits;
using remora::capture::FlowTable;
using remora::capture::Packet;
using remora::capture::TcpFlag;

constexpr std::uint32_t kHits = 8'000'000;

std::size_t resident_bytes() {
  std::FILE* file = std::fopen("/proc/self/statm", "r");
  if (file == nullptr) { return 0; }
  long whole = 0;
  long resident = 0;
  const int read = std::fscanf(file, "%ld %ld", &whole, &resident);
  std::fclose(file);
  return read == 2 ? static_cast<std::size_t>(resident * ::sysconf(_SC_PAGESIZE)) : 0;
}

remora::IpAddress address(std::uint32_t number) {
  const std::array<std::byte, 4> bytes{std::byte{10}, static_cast<std::byte>(number >> 16U),
                                       static_cast<std::byte>(number >> 8U),
                                       static_cast<std::byte>(number)};
  return remora::IpAddress::v4(bytes);
}

/// The `number`th flow's client sends.
void aim(Packet& packet, std::uint32_t number) {
  packet.source = address(number / 8);
  packet.source_port = remora::Port{static_cast<std::uint16_t>(1024 + number % 8)};
}

class Clock {
 public:
  [[nodiscard]] double ns_each(std::uint32_t count) const {
    const std::chrono::duration<double, std::nano> passed =
        std::chrono::steady_clock::now() - start_;
    return passed.count() / count;
  }

 private:
  std::chrono::steady_clock::time_point start_{std::chrono::steady_clock::now()};
};

struct Run {
  FlowTable table;
  std::vector<EndedFlow> ended;
  Packet packet;
  std::uint64_t frame{0};

  explicit Run(const FlowLimits& limits) : table{limits} {
    packet.destination = *remora::IpAddress::parse("192.0.2.1");
    packet.destination_port = remora::Port{3389};
    packet.wire_bytes = 60;
    packet.flags = {TcpFlag::kSyn};
  }

  void place(std::uint32_t flow, remora::Moment at) {
    aim(packet, flow);
    packet.at = {.time = at, .frame = remora::FrameNumber{++frame}};
    table.expire(at, ended);
    const auto placed = table.place(packet, ended);
    table.follow_state(placed, packet);
  }
};

}  // namespace

int main(int argc, char** argv) {
  const auto flows =
      argc > 1 ? static_cast<std::uint32_t>(std::strtoul(argv[1], nullptr, 10)) : 2'000'000U;
  const auto busy =
      argc > 2 ? static_cast<std::uint32_t>(std::strtoul(argv[2], nullptr, 10)) : 200'000U;
  FlowLimits limits;
  limits.flows = std::max(flows, busy) + 1;
  limits.memory_bytes = std::size_t{4} << 30U;  // not to be met
  const remora::Moment start{std::chrono::seconds{1'800'000'000}};
  {
    const auto before = resident_bytes();
    Run run{limits};
    const Clock clock;
    for (std::uint32_t flow = 0; flow < flows; ++flow) {
      run.place(flow, start + std::chrono::microseconds{flow});
    }
    std::printf("%u flows of one packet: %.0f ns a packet, %.1f resident bytes a flow\n", flows,
                clock.ns_each(flows), static_cast<double>(resident_bytes() - before) / flows);
    const Clock leaving;
    run.table.expire(start + std::chrono::hours{1}, run.ended);
    std::printf("all of them timed out: %.0f ns a flow, %zu left\n", leaving.ns_each(flows),
                run.table.size());
  }
  Run run{limits};
  for (std::uint32_t flow = 0; flow < busy; ++flow) { run.place(flow, start); }
  run.packet.flags = {TcpFlag::kAck};
  std::uint32_t random = 1;
  const Clock clock;
  for (std::uint32_t hit = 0; hit < kHits; ++hit) {
    random = random * 1664525U + 1013904223U;
    run.place((random >> 8U) % busy, start + std::chrono::microseconds{hit});
  }
  std::printf("%u packets in %u flows: %.0f ns a packet\n", kHits, busy, clock.ns_each(kHits));
  return 0;
}
