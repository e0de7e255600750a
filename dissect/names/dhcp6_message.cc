#include "dissect/names/dhcp6_message.h"

#include <cstddef>
#include <utility>

#include "capture/base/bytes.h"
#include "dissect/encoding/text.h"
#include "dissect/names/domain_name.h"
#include "dissect/names/host_address.h"
#include "dissect/names/host_name.h"

namespace remora::names {
namespace {

// RFC 8415 21, RFC 4704 4.
constexpr std::uint16_t kClientIdentifier = 1;
constexpr std::uint16_t kIdentityAssociation = 3;  // IA_NA
constexpr std::uint16_t kTemporaryAddresses = 4;   // IA_TA
constexpr std::uint16_t kAddress = 5;
constexpr std::uint16_t kRelayMessage = 9;
constexpr std::uint16_t kStatusCode = 13;
constexpr std::uint16_t kClientFqdn = 39;

constexpr std::size_t kMaxRelays = 4;            // LIMIT
constexpr std::size_t kMaxAddresses = 16;        // LIMIT
constexpr std::uint32_t kForEver = 0xffff'ffff;  // RFC 8415 7.7

/// Calls `visit(code, cursor)` for each option; the cursor is bounded to it.
template <typename Visit>
void for_each_option(Cursor& in, Visit visit) {
  while (in.ok() && !in.at_end()) {
    const auto code = in.u16be("option-code");
    auto option = in.sub(in.u16be("option-len"), "option");
    visit(code, option);
  }
}

/// Whether the server refuses (21.13); 0 is success.
bool is_refusal(std::uint16_t code, Cursor& option) {
  return code == kStatusCode && option.u16be("status-code") != 0;
}

void read_address(Cursor& in, std::vector<Dhcp6Address>& addresses) {
  Dhcp6Address read;
  read.address = read_ipv6(in, "IPv6-address");
  in.skip(4, "preferred-lifetime");
  const auto valid = in.u32be("valid-lifetime");
  read.valid = std::chrono::seconds{valid};
  read.for_ever = valid == kForEver;
  bool refused = false;
  for_each_option(in, [&](std::uint16_t code, Cursor& option) {
    refused = refused || is_refusal(code, option);
  });
  if (in.ok() && !refused && addresses.size() < kMaxAddresses) { addresses.push_back(read); }
}

/// The options of an identity association (21.4, 21.5), behind its fixed fields.
void read_association(Cursor& in, std::vector<Dhcp6Address>& addresses) {
  const auto before = addresses.size();
  bool refused = false;
  for_each_option(in, [&](std::uint16_t code, Cursor& option) {
    refused = refused || is_refusal(code, option);
    if (code == kAddress) { read_address(option, addresses); }
  });
  if (refused) { addresses.resize(before); }
}

void read_option(std::uint16_t code, Cursor& option, Dhcp6Message& message) {
  switch (code) {
    case kClientIdentifier:
      message.client = encoding::to_hex(option.rest());
      break;
    case kIdentityAssociation:
      option.skip(12, "IAID, T1, T2");
      read_association(option, message.addresses);
      break;
    case kTemporaryAddresses:
      option.skip(4, "IAID");
      read_association(option, message.addresses);
      break;
    case kClientFqdn:
      option.skip(1, "flags");
      message.fqdn = to_host_name(read_partial_name(option)).value_or(std::string{});
      break;
    default:
      break;
  }
}

/// `relays` is how many carried what `in` reads.
Dhcp6Message read_message(Cursor& in, std::size_t relays) {
  Dhcp6Message message{
      .type = Dhcp6Type{in.u8("msg-type")}, .client = {}, .addresses = {}, .fqdn = {}};
  if (message.type != Dhcp6Type::kRelayForward && message.type != Dhcp6Type::kRelayReply) {
    in.skip(3, "transaction-id");
    for_each_option(
        in, [&](std::uint16_t code, Cursor& option) { read_option(code, option, message); });
    return message;
  }
  if (relays >= kMaxRelays) {
    in.fail("msg-type", "too many relays");
    return message;
  }
  in.skip(33, "hop-count, link-address, peer-address");
  for_each_option(in, [&](std::uint16_t code, Cursor& option) {
    if (code == kRelayMessage) { message = read_message(option, relays + 1); }
  });
  return message;
}

}  // namespace

Dhcp6Message read_dhcp6_message(Cursor& in) {
  return read_message(in, 0);
}

}  // namespace remora::names
