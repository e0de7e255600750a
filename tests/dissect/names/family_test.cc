#include "dissect/names/family.h"

#include <array>

#include <gtest/gtest.h>

namespace remora::names {
namespace {

TEST(NameFamilies, KeepNothingOfAFlow) {
  for (const auto& family : {dns_family(), mdns_family(), llmnr_family(), nbns_family(),
                             dhcp4_family(), dhcp6_family()}) {
    EXPECT_NE(family.recognise_datagram, nullptr) << family.protocol.word;
    EXPECT_NE(family.read_datagram == nullptr, family.make_reader == nullptr)
        << family.protocol.word;
    EXPECT_EQ(family.make_for_datagrams, nullptr) << family.protocol.word;
    EXPECT_EQ(family.overhear, nullptr) << family.protocol.word;
  }
}

TEST(NameFamilies, TakeAStreamForDnsAlone) {
  EXPECT_NE(dns_family().recognise, nullptr);
  EXPECT_NE(dns_family().make(nothing_given()), nullptr);
  for (const auto& family : {mdns_family(), llmnr_family(), nbns_family(), dhcp4_family(),
                             dhcp6_family(), server_name_family()}) {
    EXPECT_EQ(family.recognise, nullptr) << family.protocol.word;
  }
  EXPECT_NE(server_name_family().overhear, nullptr);
}

}  // namespace
}  // namespace remora::names
