// How many events a second the OTLP output delivers over HTTP to a receiver on loopback that reads
// requests and throws them away:
//
//   otlp_bench EVENTS COUNT BATCH none|json|event gzip|none
//
// EVENTS is a stream of length-delimited remora.v1.Event, repeated until COUNT were sent. Prints
// events a second, bytes a second of requests as they were sent, and processor seconds of the
// sender.
#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "daemon/outputs/otlp/config.h"
#include "daemon/outputs/otlp/output.h"
#include "daemon/outputs/protobuf_stream.h"

namespace {

using remora::delivery::Parcel;

/// Answers every POST of one connection with 200 and nothing.
class NullReceiver {
 public:
  NullReceiver() : listener_{socket(AF_INET, SOCK_STREAM, 0)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (bind(listener_, any, size) != 0 || listen(listener_, 1) != 0 ||
        getsockname(listener_, any, &size) != 0) {
      std::perror("otlp_bench");
      std::exit(1);
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread{[this] { serve(accept(listener_, nullptr, nullptr)); }};
  }
  ~NullReceiver() {
    thread_.join();  // ends with the connection
    close(listener_);
  }
  NullReceiver(const NullReceiver&) = delete;
  NullReceiver& operator=(const NullReceiver&) = delete;
  NullReceiver(NullReceiver&&) = delete;
  NullReceiver& operator=(NullReceiver&&) = delete;

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  void serve(int connection) {
    constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    std::vector<char> buffer(std::size_t{1} << 20U);
    std::string head;
    std::size_t left = 0;
    for (ssize_t got = 0; (got = read(connection, buffer.data(), buffer.size())) > 0;) {
      bytes_ += static_cast<std::size_t>(got);
      std::string_view data{buffer.data(), static_cast<std::size_t>(got)};
      if (left == 0) {
        head += data;
        const auto end = head.find("\r\n\r\n");
        if (end == std::string::npos) { continue; }
        const auto length = head.find("Content-Length: ");
        left = std::stoul(head.substr(length + 16));
        data.remove_prefix(data.size() - (head.size() - end - 4));
        head.clear();
      }
      left -= std::min(left, data.size());
      if (left == 0 && write(connection, kAnswer.data(), kAnswer.size()) < 0) { break; }
    }
    close(connection);
  }

  int listener_;
  int port_{0};
  std::size_t bytes_{0};
  std::thread thread_;
};

std::vector<Parcel> read_parcels(const std::string& file) {
  std::ifstream in{file, std::ios::binary};
  remora::outputs::ProtobufStreamReader reader{in};
  std::vector<Parcel> parcels;
  for (;;) {
    auto event = reader.next();
    if (!event.has_value() || !event->has_value()) { return parcels; }
    auto bytes = (*event)->SerializeAsString();
    parcels.push_back(
        {.number = parcels.size(), .event = std::move(**event), .bytes = std::move(bytes)});
  }
}

double processor_seconds() {
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> given(argv + 1, argv + argc);
  if (given.size() != 5) {
    std::cerr << "usage: otlp_bench EVENTS COUNT BATCH none|json|event gzip|none\n";
    return 2;
  }
  const auto parcels = read_parcels(given[0]);
  if (parcels.empty()) {
    std::cerr << given[0] << ": no events\n";
    return 2;
  }
  const auto count = std::stoul(given[1]);
  NullReceiver receiver;
  remora::config::Problems problems;
  auto map = remora::config::Map::read_text(
      "endpoint: http://127.0.0.1:" + std::to_string(receiver.port()) + "\nbody: " + given[3] +
          "\ncompression: " + given[4] + '\n',
      "otlp_bench", problems);
  std::size_t sent = 0;
  double seconds = 0;
  double processor = 0;
  {
    remora::outputs::otlp::OtlpOutput output{remora::outputs::otlp::read_config(map)};
    const auto before = processor_seconds();
    const auto start = std::chrono::steady_clock::now();
    while (sent < count) {
      const auto at = sent % parcels.size();
      const auto batch = std::min({std::stoul(given[2]), parcels.size() - at, count - sent});
      const auto outcome = output.send(std::span{parcels}.subspan(at, batch));
      if (outcome.taken != batch) {
        std::cerr << outcome.problem << '\n';
        std::_Exit(1);
      }
      sent += batch;
    }
    seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    processor = processor_seconds() - before;
  }
  std::printf("%.0f %.0f %.3f\n", static_cast<double>(sent) / seconds,
              static_cast<double>(receiver.bytes()) / seconds, processor);
  return 0;
}
