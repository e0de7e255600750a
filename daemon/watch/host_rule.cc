#include "daemon/watch/host_rule.h"

#include <algorithm>

#include "daemon/net/address.h"

namespace remora::watch {
namespace {

namespace ip = boost::asio::ip;

[[nodiscard]] ip::address without_mapping(const ip::address& address) {
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) { return address; }
  return ip::make_address_v4(ip::v4_mapped, address.to_v6());
}

[[nodiscard]] bool same_name(std::string_view one, std::string_view other) {
  const auto small = [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  };
  return std::ranges::equal(one, other, {}, small, small);
}

}  // namespace

bool is_loopback(const ip::address& address) {
  return without_mapping(address).is_loopback();
}

bool is_own_host(std::string_view host_header, std::string_view configured,
                 const ip::address& local) {
  constexpr std::uint16_t kHttp = 80;
  const auto named = net::Address::parse(host_header, kHttp);
  if (!named.has_value()) { return false; }
  if (same_name(named->host, "localhost") || same_name(named->host, configured)) { return true; }
  boost::system::error_code error;
  const auto address = ip::make_address(named->host, error);
  return !error && (is_loopback(address) || without_mapping(address) == without_mapping(local));
}

}  // namespace remora::watch
