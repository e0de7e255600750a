#include "dissect/ticket/addresses.h"

#include <algorithm>
#include <charconv>

#include "dissect/encoding/base64.h"
#include "dissect/encoding/host_name.h"
#include "dissect/encoding/text.h"

namespace remora::ticket {

std::optional<Port> read_port(std::string_view digits) {
  std::uint16_t number = 0;
  const auto* const end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, number);
  if (error != std::errc{} || rest != end || number == 0) { return std::nullopt; }
  return Port{number};
}

std::optional<observation::TicketAddress> read_host(std::string_view text,
                                                    std::optional<Port> port) {
  auto literal = text;
  if (literal.starts_with('[') && literal.ends_with(']')) {
    literal = literal.substr(1, literal.size() - 2);
  }
  // The scope is the number of an interface of the machine that wrote it: RFC 4007 11.
  if (const auto address = IpAddress::parse(literal.substr(0, literal.find('%')))) {
    return observation::TicketAddress{.address = address, .name = {}, .port = port};
  }
  if (!encoding::may_be_host_name(text)) { return std::nullopt; }
  return observation::TicketAddress{.address = {}, .name = std::string{text}, .port = port};
}

std::optional<observation::TicketAddress> read_host_and_port(std::string_view item) {
  const auto colon = item.rfind(':');
  if (colon == std::string_view::npos) { return std::nullopt; }
  const auto port = read_port(item.substr(colon + 1));
  return port.has_value() ? read_host(item.substr(0, colon), port) : std::nullopt;
}

std::optional<observation::Sha1> read_sha1(std::string_view base64) {
  const auto bytes = encoding::from_base64(base64);
  observation::Sha1 digest{};
  if (!bytes.has_value() || bytes->size() != digest.size()) { return std::nullopt; }
  std::ranges::copy(*bytes, digest.begin());
  return digest;
}

}  // namespace remora::ticket
