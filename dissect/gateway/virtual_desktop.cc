#include "dissect/gateway/virtual_desktop.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "dissect/gateway/server_name.h"
#include "dissect/observation/transport.h"

namespace remora::gateway {
namespace {

/// Microsoft's list of required names for Azure Virtual Desktop.
constexpr std::string_view kDomain{".wvd.microsoft.com"};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equal(std::string_view one, std::string_view lower_case) {
  return std::ranges::equal(one, lower_case, {}, lower);
}

/// The domain has other services too (feeds, brokers, diagnostics); gateways say so in their first
/// label, as in FreeRDP's gateway/arm.c.
bool is_gateway(std::string_view name) {
  constexpr std::string_view kWord{"gateway"};
  if (name.size() <= kDomain.size() || !equal(name.substr(name.size() - kDomain.size()), kDomain)) {
    return false;
  }
  const auto label = name.substr(0, name.find('.'));
  for (std::size_t at = 0; at + kWord.size() <= label.size(); ++at) {
    if (equal(label.substr(at, kWord.size()), kWord)) { return true; }
  }
  return false;
}

/// RFC 8446 5.1 and 4: whether a record with a ClientHello begins here and is not all there.
bool is_part_of_hello(ByteView bytes) {
  constexpr std::size_t kHeaderBytes = 5;
  constexpr std::size_t kMaxRecordBytes = std::size_t{16} << 10U;
  constexpr std::array<std::uint8_t, 2> kHandshake{22, 3};
  for (std::size_t at = 0; at < std::min(bytes.size(), kHandshake.size()); ++at) {
    if (to_u8(bytes[at]) != kHandshake.at(at)) { return false; }
  }
  if (bytes.size() > kHeaderBytes && to_u8(bytes[kHeaderBytes]) != 1) { return false; }
  if (bytes.size() < kHeaderBytes) { return true; }
  const std::size_t size = to_u8(bytes[3]) * std::size_t{256} + to_u8(bytes[4]);
  return size <= kMaxRecordBytes && bytes.size() < kHeaderBytes + size;
}

}  // namespace

Verdict recognise_virtual_desktop(ByteView first_bytes) {
  if (is_gateway(read_server_name(first_bytes))) { return Verdict::kYes; }
  return is_part_of_hello(first_bytes) ? Verdict::kMore : Verdict::kNo;
}

std::size_t VirtualDesktopDissector::on_bytes(Side from, ByteView bytes, Instant at,
                                              Findings& out) {
  if (auto name = read_server_name(bytes); is_gateway(name)) {
    out.observe(
        at, from, "infer.gateway.virtual_desktop_sni",
        observation::GatewaySeen{.transport = observation::GatewaySeen::Transport::kVirtualDesktop,
                                 .gateway_name = std::move(name),
                                 .inferred = true});
  }
  out.finish();
  return bytes.size();
}

}  // namespace remora::gateway
