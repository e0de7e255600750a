#include "capture/net/tunnels/l2tp.h"

#include <string>

#include "tests/capture/net/tunnels/reading.h"

namespace remora::capture {
namespace {

using remora::testing::hex;
using testing::expect_reads;
using testing::expect_tunnel_laws;

const std::string kFrame = "02005e100012 02005e100011 0800 45000014 0000";
const std::string kTaggedFrame = "02005e100012 02005e100011 8100 001f 86dd 6000";

TEST(L2tp2, WithoutOptionalFields) {
  expect_reads(read_l2tp(hex("0002"  // data, version 2
                             "1001"  // tunnel
                             "2002"  // session
                             "ff0300214500")),
               {TunnelKind::kL2tp2, 0x10012002, 0x880b, "ff0300214500"});
}

TEST(L2tp2, WithLengthSequenceNumbersAndOffset) {
  const auto text =
      "4a02"       // L, S, O, version 2
      "0014"       // length
      "1001 2002"  // tunnel, session
      "0003 0000"  // Ns, Nr
      "0002 0000"  // offset and its padding
      "0021 4500 ee";
  expect_reads(read_l2tp(hex(text)), {TunnelKind::kL2tp2, 0x10012002, 0x880b, "00214500"});
  expect_tunnel_laws(text, 16, read_l2tp);
}

TEST(L2tp2, AControlMessageCarriesNothing) {
  expect_reads(read_l2tp(hex("c802 000c 1001 0000 0000 0000")),
               {TunnelKind::kL2tp2, 0x10010000, 0, ""});
}

TEST(L2tp, IsToldFromOtherDatagrams) {
  EXPECT_FALSE(read_l2tp(hex("0001 1001 2002 ff03")).has_value());       // L2F
  EXPECT_FALSE(read_l2tp(hex("1002 1001 2002 ff03")).has_value());       // a reserved bit
  EXPECT_FALSE(read_l2tp(hex("4002 0003 1001 2002 ff03")).has_value());  // of impossible length
  EXPECT_FALSE(read_l2tp(hex("0202 1001 2002 0003 0021")).has_value());  // padding beyond the end
  EXPECT_FALSE(read_l2tp(hex("0003 0001 00c0ffee 45")).has_value());     // reserved bytes
}

TEST(L2tp3, OverUdpHasFlagsAndReservedBytesBeforeTheSession) {
  const auto text = "0003 0000 00c0ffee" + kFrame;
  expect_reads(read_l2tp(hex(text)), {TunnelKind::kL2tp3, 0x00c0ffee, 0x6558, kFrame});
  expect_tunnel_laws(text, 8, read_l2tp);
  expect_reads(read_l2tp(hex("c803 000c 00000000 0000 0000")), {TunnelKind::kL2tp3, 0, 0, ""});
}

TEST(L2tp3, OverIpFindsTheFrameBehindWhateverStandsBeforeIt) {
  for (const std::string before :
       {"", "40000001", "1122334455667788", "112233445566778840000001"}) {
    for (const auto& frame : {kFrame, kTaggedFrame}) {
      expect_reads(read_l2tp3(hex("00c0ffee" + before + frame)),
                   {TunnelKind::kL2tp3, 0x00c0ffee, 0x6558, frame});
    }
  }
  expect_tunnel_laws("00c0ffee 40000001" + kFrame, 4, read_l2tp3);
}

TEST(L2tp3, MayCarryPppOrIp) {
  expect_reads(read_l2tp3(hex("00c0ffee ff03 0021 4500")),
               {TunnelKind::kL2tp3, 0x00c0ffee, 0x880b, "ff0300214500"});
  const std::string packet = "45000014 0000 4000 40 06 0000 0a000001 0a000002";
  expect_reads(read_l2tp3(hex("00c0ffee 40000001" + packet)),
               {TunnelKind::kL2tp3, 0x00c0ffee, 0x0800, packet});
}

TEST(L2tp3, WhatCannotBeToldIsNotFollowed) {
  expect_reads(read_l2tp3(hex("00c0ffee 0102030405")),
               {TunnelKind::kL2tp3, 0x00c0ffee, 0, "0102030405"});
  expect_reads(read_l2tp3(hex("00000000" + kFrame)), {TunnelKind::kL2tp3, 0, 0, ""});  // control
}

}  // namespace
}  // namespace remora::capture
