/// serve_watch ADDRESS good|bad: an AdminServer with made-up answers. Writes its port on standard
/// output; ends with its standard input, or after two minutes.

#include <array>
#include <chrono>
#include <cstdio>
#include <string>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "daemon/watch/admin_server.h"
#include "daemon/watch/metrics.h"
#include "tests/daemon/watch/made_figures.h"

namespace asio = boost::asio;
namespace watch = remora::watch;

int main(int count, char** words) {
  if (count != 3) { return 2; }
  const bool good = std::string{words[2]} == "good";
  const auto address = remora::net::Address::parse(words[1]);
  if (!address.has_value()) { return 2; }
  asio::io_context io{1};
  const watch::Answers answers{
      .metrics = [] { return watch::to_prometheus(watch::full_figures()); },
      .healthy =
          [good] { return watch::Verdict{.good = good, .reason = good ? "" : "sensor\nsilent"}; },
      .ready =
          [good] {
            return watch::Verdict{.good = good,
                                  .reason = good ? "2 interfaces" : "no interface is up"};
          },
      // Of some size, for a client that reads slowly.
      .sessions =
          [](std::size_t limit) {
            std::string array{'['};
            for (std::size_t at = 0; at < limit; ++at) {
              array += (at == 0 ? "" : ",") + ('"' + std::string(2000, 's') + '"');
            }
            return array + ']';
          },
  };
  const auto server = watch::AdminServer::listen(io, *address, answers);
  if (!server.has_value()) {
    (void)std::fprintf(stderr, "%s\n", server.error().c_str());
    return 1;
  }
  (void)std::printf("%u\n", unsigned{server->port()});
  (void)std::fflush(stdout);
  asio::posix::stream_descriptor input{io, ::dup(STDIN_FILENO)};
  std::array<char, 1> byte{};
  input.async_read_some(asio::buffer(byte), [&io](auto, auto) { io.stop(); });
  (void)io.run_for(std::chrono::minutes{2});
  return 0;
}
