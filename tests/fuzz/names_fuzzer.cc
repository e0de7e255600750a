// Any bytes as one datagram between ports that naming services use, or as the first segment of a
// stream: recognised, read and overheard by each family of names. The first byte says from which
// port to which, and whether what it answers was asked before; the rest is the payload.
// make_seeds.py knows the order of kPorts.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "capture/base/cursor.h"
#include "dissect/names/dhcp4_message.h"
#include "dissect/names/dhcp6_message.h"
#include "dissect/names/dns_message.h"
#include "dissect/names/family.h"
#include "dissect/names/host_address.h"
#include "dissect/names/host_name.h"
#include "dissect/names/netbios_name.h"
#include "tests/fuzz/demand.h"

namespace remora::fuzz {
namespace {

struct Ports {
  std::uint16_t source;
  std::uint16_t destination;
};
constexpr std::array<Ports, 10> kPorts{{{53, 50000},
                                        {50000, 53},
                                        {5353, 5353},
                                        {5355, 50000},
                                        {137, 137},
                                        {68, 67},
                                        {67, 68},
                                        {546, 547},
                                        {547, 546},
                                        {50000, 443}}};
constexpr unsigned kAsked = 0x80;
constexpr unsigned kOverIpv6 = 0x40;

/// LIMIT: no message of these tells more than this (64 records, each under two names).
constexpr std::size_t kMostTold = 256;

void demand_name(const std::string& name) {
  demand(names::to_host_name(name) == name, "a name is fit to be one");
}

void demand_good(const Finding& finding) {
  demand(!std::string{finding.rule}.empty(), "a finding has its rule");
  if (const auto* learned = std::get_if<observation::NameLearned>(&finding.what)) {
    demand_name(learned->name);
    demand(names::is_host_address(learned->address), "a name is a machine's");
  } else if (const auto* host = std::get_if<observation::HostNamed>(&finding.what)) {
    demand(!host->holder.empty() && !host->names.empty(), "a host has holder and name");
    for (const auto& name : host->names) { demand_name(name); }
  } else if (const auto* given = std::get_if<observation::AddressAssigned>(&finding.what)) {
    demand(!given->holder.empty() && names::is_host_address(given->address),
           "an address has a holder");
    for (const auto& name : given->names) { demand_name(name); }
  } else {
    demand(std::holds_alternative<observation::AddressReleased>(finding.what),
           "families of names tell of names");
  }
}

Datagram to_datagram(unsigned choice, ByteView bytes) {
  const auto ports = kPorts.at((choice & 0x3fU) % kPorts.size());
  const bool v6 = (choice & kOverIpv6) != 0;
  return {.from = Side::kAcceptor,
          .source = {*IpAddress::parse(v6 ? "fe80::20" : "192.0.2.20"), Port{ports.source}},
          .destination = {*IpAddress::parse(v6 ? "2001:db8::10" : "192.0.2.10"),
                          Port{ports.destination}},
          .bytes = bytes,
          .at = {}};
}

/// The other end sends the same as a question (RFC 1035 4.1.1: QR clear).
void ask(const Datagram& answer, DatagramDissector& reader) {
  std::vector<std::byte> bytes{answer.bytes.begin(), answer.bytes.end()};
  if (bytes.size() > 2) { bytes[2] &= std::byte{0x7f}; }
  auto question = answer;
  question.bytes = bytes;
  std::swap(question.source, question.destination);
  Findings told;
  reader.on_datagram(question, told);
}

template <typename Reader>
void try_reader(ByteView bytes, Reader read) {
  const auto result = decode(bytes, read);
  if (result.has_value()) { return; }
  demand(!result.error().field.empty(), "an error names its field");
  demand(result.error().offset <= bytes.size(), "an error lies in the input");
}

void try_readers(ByteView bytes) {
  try_reader(bytes, [bytes](Cursor& in) {
    return names::read_dns_message(in, bytes, names::Sections::kAll);
  });
  try_reader(bytes, names::read_dhcp4_message);
  try_reader(bytes, names::read_dhcp6_message);
  try_reader(bytes, names::read_netbios_addresses);
  try_reader(bytes, names::read_node_names);
}

void run(ByteView input) {
  if (input.empty()) { return; }
  const auto datagram = to_datagram(to_u8(input[0]), input.subspan(1));
  for (const auto& family :
       {names::dns_family(), names::mdns_family(), names::llmnr_family(), names::nbns_family(),
        names::dhcp4_family(), names::dhcp6_family(), names::server_name_family()}) {
    Findings out;
    if (family.overhear != nullptr) { family.overhear(datagram, out); }
    if (family.recognise != nullptr) { (void)family.recognise(datagram.bytes); }
    if (family.recognise_datagram != nullptr) { (void)family.recognise_datagram(datagram); }
    // Read even where it is not recognised: nothing may depend on that.
    if (family.read_datagram != nullptr) { family.read_datagram(datagram, out); }
    if (family.make_reader != nullptr) {
      const auto reader = family.make_reader();
      if ((to_u8(input[0]) & kAsked) != 0) { ask(datagram, *reader); }
      reader->on_datagram(datagram, out);
    }
    demand(out.found().size() <= kMostTold, "what is told is bounded");
    for (const auto& finding : out.found()) { demand_good(finding); }
  }
  try_readers(datagram.bytes);
}

}  // namespace
}  // namespace remora::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  remora::fuzz::run(std::as_bytes(std::span{data, size}));
  return 0;
}
