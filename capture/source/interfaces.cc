#include "capture/source/interfaces.h"

#include <array>
#include <bit>
#include <cstring>
#include <memory>
#include <netinet/in.h>

#include <pcap/pcap.h>

namespace remora::capture {
namespace {

void append_address(const sockaddr* address, std::vector<IpAddress>& to) {
  if (address == nullptr) { return; }
  if (address->sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, address, sizeof v4);
    to.push_back(IpAddress::v4(std::bit_cast<std::array<std::byte, 4>>(v4.sin_addr)));
  } else if (address->sa_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, address, sizeof v6);
    to.push_back(IpAddress::v6(std::bit_cast<std::array<std::byte, 16>>(v6.sin6_addr)));
  }
}

}  // namespace

tl::expected<std::vector<Interface>, std::string> list_interfaces() {
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  pcap_if_t* first = nullptr;
  if (pcap_findalldevs(&first, error.data()) != 0) { return tl::unexpected{error.data()}; }
  const std::unique_ptr<pcap_if_t, void (*)(pcap_if_t*)> owner{first, &pcap_freealldevs};
  std::vector<Interface> interfaces;
  for (const auto* device = first; device != nullptr; device = device->next) {
    Interface interface {
      .name = device->name,
      .description = device->description == nullptr ? "" : device->description, .addresses = {},
      .up = (device->flags & PCAP_IF_UP) != 0
    };
    for (const auto* a = device->addresses; a != nullptr; a = a->next) {
      append_address(a->addr, interface.addresses);
    }
    interfaces.push_back(std::move(interface));
  }
  return interfaces;
}

std::string libpcap_version() {
  return pcap_lib_version();
}

}  // namespace remora::capture
