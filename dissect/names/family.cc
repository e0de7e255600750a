#include "dissect/names/family.h"

#include "dissect/names/client_hello_name.h"
#include "dissect/names/dhcp4.h"
#include "dissect/names/dhcp6.h"
#include "dissect/names/dns.h"
#include "dissect/names/dns_stream.h"
#include "dissect/names/llmnr.h"
#include "dissect/names/mdns.h"
#include "dissect/names/nbns.h"

namespace remora::names {
namespace {

std::unique_ptr<Dissector> make_dns_stream(const Context&) {
  return std::make_unique<DnsStreamDissector>();
}

template <typename Reader>
std::unique_ptr<DatagramDissector> make_reader() {
  return std::make_unique<Reader>();
}

}  // namespace

Family dns_family() {
  return {.protocol = Protocol{"dns"},
          .recognise = &recognise_dns_stream,
          .make = &make_dns_stream,
          .recognise_datagram = &recognise_dns_datagram,
          .make_reader = &make_reader<DnsReader>};
}

Family mdns_family() {
  return {.protocol = Protocol{"mdns"},
          .recognise_datagram = &recognise_mdns,
          .read_datagram = &read_mdns};
}

Family llmnr_family() {
  return {.protocol = Protocol{"llmnr"},
          .recognise_datagram = &recognise_llmnr,
          .read_datagram = &read_llmnr};
}

Family nbns_family() {
  return {.protocol = Protocol{"nbns"},
          .recognise_datagram = &recognise_nbns,
          .make_reader = &make_reader<NbnsReader>};
}

Family dhcp4_family() {
  return {.protocol = Protocol{"dhcp"},
          .recognise_datagram = &recognise_dhcp4,
          .read_datagram = &read_dhcp4};
}

Family dhcp6_family() {
  return {.protocol = Protocol{"dhcpv6"},
          .recognise_datagram = &recognise_dhcp6,
          .read_datagram = &read_dhcp6};
}

Family server_name_family() {
  return {.protocol = Protocol{"tls-server-name"}, .overhear = &overhear_client_hello};
}

}  // namespace remora::names
