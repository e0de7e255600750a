#include "dissect/tls/family.h"

#include <algorithm>
#include <array>

#include "dissect/tls/dtls_dissector.h"
#include "dissect/tls/handshake_type.h"
#include "dissect/tls/record.h"
#include "dissect/tls/tls_dissector.h"

namespace remora::tls {
namespace {

constexpr Protocol kMultitransport{"multitransport"};

/// A ClientHello at the start of a record, RFC 8446 5.1 and 4: 16 03 0x, length, 01.
Verdict recognise(ByteView bytes) {
  constexpr std::array<std::uint8_t, 2> kStart{0x16, 0x03};
  for (std::size_t at = 0; at < std::min(bytes.size(), kStart.size()); ++at) {
    if (to_u8(bytes[at]) != kStart.at(at)) { return Verdict::kNo; }
  }
  if (measure_record(bytes).is_lost()) { return Verdict::kNo; }
  if (bytes.size() <= kRecordHeaderBytes) { return Verdict::kMore; }
  const HandshakeType type{to_u8(bytes[kRecordHeaderBytes])};
  return type == HandshakeType::kClientHello ? Verdict::kYes : Verdict::kNo;
}

}  // namespace

Family family() {
  return {.protocol = kProtocol,
          .recognise = nullptr,
          .make = [](const Context& context) -> std::unique_ptr<Dissector> {
            return std::make_unique<TlsDissector>(context.keys, TlsDissector::Interest::kAlways);
          }};
}

Family opened_family() {
  return {.protocol = kOpened,
          .recognise = recognise,
          .wanted =
              [](const Context& context) {
                const auto& log = context.keys.tls();
                return !log.empty() || log.may_grow() || context.keys.has_rsa_keys();
              },
          .make = [](const Context& context) -> std::unique_ptr<Dissector> {
            return std::make_unique<TlsDissector>(context.keys, TlsDissector::Interest::kWithKeys);
          }};
}

Family multitransport_family() {
  return {.protocol = kOfMultitransport,
          .recognise = nullptr,
          .make = [](const Context& context) -> std::unique_ptr<Dissector> {
            return std::make_unique<TlsDissector>(context.keys, TlsDissector::Interest::kAlways,
                                                  kMultitransport);
          }};
}

Family dtls_family() {
  return {.protocol = kDtls,
          .recognise = nullptr,
          .make = [](const Context& context) -> std::unique_ptr<Dissector> {
            return std::make_unique<DtlsDissector>(context.keys, kMultitransport);
          }};
}

}  // namespace remora::tls
