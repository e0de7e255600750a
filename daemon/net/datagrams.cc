#include "daemon/net/datagrams.h"

#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>

namespace remora::net {
namespace asio = boost::asio;
using asio::ip::udp;
using boost::system::error_code;

struct Datagrams::Parts {
  asio::io_context io;
  udp::socket socket{io};
  std::string peer;
};

Datagrams::Datagrams(std::unique_ptr<Parts> parts) : parts_{std::move(parts)} {}
Datagrams::Datagrams(Datagrams&&) noexcept = default;
Datagrams& Datagrams::operator=(Datagrams&&) noexcept = default;
Datagrams::~Datagrams() = default;

tl::expected<Datagrams, std::string> Datagrams::to(const Address& address) {
  auto parts = std::make_unique<Parts>();
  parts->peer = to_string(address);
  error_code error;
  udp::resolver resolver{parts->io};
  const auto found = resolver.resolve(address.host, std::to_string(address.port),
                                      udp::resolver::numeric_service, error);
  if (error || found.empty()) {
    return tl::unexpected{parts->peer +
                          ": unknown host; look at the name and at this machine's resolver"};
  }
  const auto endpoint = found.begin()->endpoint();
  (void)parts->socket.open(endpoint.protocol(), error);
  // A connected socket is told when nobody listens.
  if (!error) { (void)parts->socket.connect(endpoint, error); }
  if (error) { return tl::unexpected{parts->peer + ": " + error.message()}; }
  return Datagrams{std::move(parts)};
}

Departure Datagrams::send(std::string_view datagram) {
  using enum Departure::What;
  error_code error;
  (void)parts_->socket.send(asio::buffer(datagram.data(), datagram.size()), 0, error);
  if (!error) { return {.what = kSent, .problem = {}}; }
  const auto what = error == asio::error::message_size ? kTooLong : kFailed;
  const auto why = error == asio::error::connection_refused
                       ? std::string{"refused; is anything listening there?"}
                       : error.message();
  return {.what = what, .problem = parts_->peer + ": " + why};
}

}  // namespace remora::net
