#include "daemon/settings/network.h"

#include <array>
#include <cstddef>
#include <span>

#include "daemon/config/quantity.h"

namespace remora::settings {
namespace {

constexpr unsigned kByteBits = 8;
/// LIMIT: of what a message repeats of a wrong value.
constexpr std::size_t kMaxShown = 64;

/// The address with all bits behind the first `bits` cleared.
IpAddress first_of(const IpAddress& address, unsigned bits) {
  std::array<std::byte, 16> bytes{};
  const auto from = address.bytes();
  for (std::size_t i = 0; i < from.size(); ++i) {
    const auto before = static_cast<unsigned>(i) * kByteBits;
    if (bits >= before + kByteBits) {
      bytes.at(i) = from[i];
    } else if (bits > before) {
      bytes.at(i) = from[i] & static_cast<std::byte>(0xffU << (kByteBits - (bits - before)));
    }
  }
  return address.is_v4() ? IpAddress::v4(std::span{bytes}.first<4>()) : IpAddress::v6(bytes);
}

}  // namespace

tl::expected<Network, std::string> Network::parse(std::string_view text) {
  const auto refuse = [text](const std::string& why) {
    return tl::unexpected{'\'' + std::string{text.substr(0, kMaxShown)} + "' " + why};
  };
  const auto slash = text.find('/');
  const auto address = IpAddress::parse(text.substr(0, slash));
  if (!address.has_value()) {
    return refuse("is no network; write one such as 192.0.2.0/24, 2001:db8::/32 or 192.0.2.7");
  }
  const auto all = static_cast<unsigned>(address->bytes().size()) * kByteBits;
  if (slash == std::string_view::npos) { return Network{*address, all}; }
  const auto bits = config::to_number(text.substr(slash + 1));
  if (!bits.has_value() || *bits > all) {
    return refuse("has no prefix length from 0 to " + std::to_string(all));
  }
  const Network network{first_of(*address, static_cast<unsigned>(*bits)),
                        static_cast<unsigned>(*bits)};
  if (network.first_ != *address) {
    return refuse("has bits behind its prefix; write " + network.to_text());
  }
  return network;
}

bool Network::contains(const IpAddress& address) const {
  return address.is_v4() == first_.is_v4() && first_of(address, bits_) == first_;
}

std::string Network::to_text() const {
  return first_.to_text() + '/' + std::to_string(bits_);
}

}  // namespace remora::settings
