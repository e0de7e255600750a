#include "dissect/names/netbios_name.h"

#include <cstddef>

#include "dissect/names/host_address.h"

namespace remora::names {
namespace {

constexpr std::size_t kEncodedBytes = 32;
constexpr std::size_t kTextBytes = 15;
constexpr std::uint8_t kWorkstation = 0x00;
constexpr std::uint8_t kFileServer = 0x20;

constexpr std::uint16_t kGroup = 0x8000;  // G of NB_FLAGS and NAME_FLAGS
constexpr std::uint16_t kDeregister = 0x1000;
constexpr std::uint16_t kConflict = 0x0800;
constexpr std::uint16_t kActive = 0x0400;

NetBiosName to_name(std::string_view sixteen) {
  const auto text = sixteen.substr(0, kTextBytes);
  const auto end = text.find_last_not_of(' ');
  return {.text = std::string{text.substr(0, end == std::string_view::npos ? 0 : end + 1)},
          .suffix = static_cast<std::uint8_t>(sixteen[kTextBytes])};
}

}  // namespace

bool NetBiosName::is_of_host() const {
  return (suffix == kWorkstation || suffix == kFileServer) && !text.empty() &&
         !text.starts_with("IS~");
}

std::optional<NetBiosName> to_netbios_name(std::string_view domain_name) {
  const auto label = domain_name.substr(0, domain_name.find('.'));
  if (label.size() != kEncodedBytes) { return std::nullopt; }
  std::string sixteen;
  for (std::size_t i = 0; i < kEncodedBytes; i += 2) {
    const auto high = label[i] - 'A';
    const auto low = label[i + 1] - 'A';
    if (high < 0 || high > 15 || low < 0 || low > 15) { return std::nullopt; }
    sixteen.push_back(static_cast<char>(high * 16 + low));
  }
  return to_name(sixteen);
}

std::vector<NetBiosAddress> read_netbios_addresses(Cursor& in) {
  std::vector<NetBiosAddress> addresses;
  while (in.ok() && !in.at_end()) {
    const auto flags = in.u16be("NB_FLAGS");
    const auto address = read_ipv4(in, "NB_ADDRESS");
    addresses.push_back({.is_group = (flags & kGroup) != 0, .address = address});
  }
  return addresses;
}

std::vector<NetBiosName> read_node_names(Cursor& in) {
  std::vector<NetBiosName> names;
  const auto count = in.u8("NUM_NAMES");
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    const auto sixteen = as_text(in.bytes(kTextBytes + 1, "NETBIOS_NAME"));
    const auto flags = in.u16be("NAME_FLAGS");
    if (in.ok() && (flags & (kGroup | kDeregister | kConflict | kActive)) == kActive) {
      names.push_back(to_name(sixteen));
    }
  }
  return names;
}

}  // namespace remora::names
