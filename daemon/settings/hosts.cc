#include "daemon/settings/hosts.h"

#include <algorithm>
#include <cctype>

#include <tl/expected.hpp>

namespace remora::settings {
namespace {

constexpr std::size_t kMaxHosts = 10'000;
constexpr std::size_t kMaxName = 255;  // RFC 1035 2.3.4

bool is_name(const std::string& text) {
  return !text.empty() && text.size() <= kMaxName && std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
  });
}

tl::expected<void, std::string> add_host(const std::string& address, const std::string& name,
                                         Hosts& hosts) {
  const auto parsed = IpAddress::parse(address);
  if (!parsed.has_value()) {
    return tl::unexpected{std::string{"an address is wanted, such as 192.0.2.7 or 2001:db8::7"}};
  }
  if (!is_name(name)) {
    return tl::unexpected{
        std::string{"a name of letters, digits, '-', '_' and '.' is wanted, at most 255"}};
  }
  if (!hosts.emplace(*parsed, name).second) {
    return tl::unexpected{std::string{"the address has a name already"}};
  }
  return {};
}

}  // namespace

Hosts read_hosts(config::Map& map) {
  Hosts hosts;
  if (map.is_list("hosts")) {
    for (auto& entry : map.maps("hosts")) {
      const auto added = add_host(entry.required("address"), entry.required("name"), hosts);
      if (!added.has_value()) { entry.complain("address", added.error()); }
      entry.done();
    }
  } else {
    auto named = map.map("hosts");
    named.each([&hosts](const std::string& address, const std::string& name) {
      return add_host(address, name, hosts);
    });
    named.done();
  }
  if (hosts.size() > kMaxHosts) {
    map.complain("hosts", std::to_string(kMaxHosts) + " at most are wanted");
  }
  return hosts;
}

}  // namespace remora::settings
