#include "dissect/names/nbns.h"

#include "dissect/encoding/text.h"
#include "dissect/names/family.h"
#include "tests/dissect/names/dns_bytes.h"
#include "tests/dissect/names/told.h"

namespace remora::names {
namespace {

using testing::bytes;
using testing::told;
using testing::Words;

constexpr testing::Sent kFromHost{.source = "192.0.2.20",
                                  .source_port = 137,
                                  .destination = "192.0.2.10",
                                  .destination_port = 137};
constexpr testing::Sent kToAll{.source = "192.0.2.20",
                               .source_port = 137,
                               .destination = "192.0.2.255",
                               .destination_port = 137};

// First-level encoding, RFC 1002 4.1: RDS01 and CORP, suffixes 00, 20, 1c.
std::string encoded(std::string_view letters) {
  return "20" + encoding::to_hex(as_bytes(letters)) + "00";
}
const auto kRds00 = encoded("FCEEFDDADBCACACACACACACACACACAAA");
const auto kRds20 = encoded("FCEEFDDADBCACACACACACACACACACACA");
const auto kCorp1c = encoded("EDEPFCFACACACACACACACACACACACABM");

/// RFC 1002 4.2.13
std::string query_response(const std::string& name, const std::string& flags,
                           const std::string& ttl = "000493e0") {
  return "0001 8500 0000 0001 0000 0000" + name + "0020 0001" + ttl + "0006" + flags + "c0000214";
}

/// 4.2.2: the record's name points to the question's.
std::string claim(const std::string& flags, const std::string& address = "c0000214",
                  const std::string& ttl = "000493e0") {
  return "0002" + flags + "0001 0000 0000 0001" + kRds00 + "0020 0001" + "c00c 0020 0001" + ttl +
         "0006 6000" + address;
}

TEST(Nbns, TellsTheAnswerToWhoAsked) {
  for (const auto& name : {kRds00, kRds20}) {
    EXPECT_EQ(told(nbns_family(), kFromHost, bytes(query_response(name, "6000"))),
              Words{"nbns.query_response: 192.0.2.20 is RDS01 for 300000 to 192.0.2.10"});
  }
}

constexpr testing::Sent kFromNameServer{.source = "192.0.2.53",
                                        .source_port = 137,
                                        .destination = "192.0.2.10",
                                        .destination_port = 137};

TEST(Nbns, TellsOfAnotherWhatTheSenderWasAsked) {
  const auto after = [](const std::string& question) {
    return told(nbns_family(),
                {{.sent = testing::back(kFromNameServer), .bytes = bytes(question)},
                 {.sent = kFromNameServer, .bytes = bytes(query_response(kRds20, "6000"))}});
  };
  EXPECT_EQ(after("0001 0100 0001 0000 0000 0000" + kRds20 + "0020 0001"),
            Words{"nbns.query_response: 192.0.2.20 is RDS01 for 300000 to 192.0.2.10"});
  EXPECT_EQ(after("0007 0100 0001 0000 0000 0000" + kRds20 + "0020 0001"), Words{});
  EXPECT_EQ(after("0001 0100 0001 0000 0000 0000" + kRds00 + "0020 0001"), Words{});
}

TEST(Nbns, TellsNothingOfAnotherUnasked) {
  EXPECT_EQ(told(nbns_family(), kFromNameServer, bytes(query_response(kRds20, "6000"))), Words{});
}

TEST(Nbns, TellsNoGroupsAndDomains) {
  EXPECT_EQ(told(nbns_family(), kFromHost, bytes(query_response(kRds00, "e000"))), Words{});
  EXPECT_EQ(told(nbns_family(), kFromHost, bytes(query_response(kCorp1c, "6000"))), Words{});
}

TEST(Nbns, TakesATimeToLiveOfZeroForNone) {
  EXPECT_EQ(told(nbns_family(), kFromHost, bytes(query_response(kRds00, "6000", "00000000"))),
            Words{"nbns.query_response: 192.0.2.20 is RDS01 to 192.0.2.10"});
}

TEST(Nbns, TellsWhatAMachineClaims) {
  for (const auto* flags : {"2910", "4000", "4800", "7910"}) {
    EXPECT_EQ(told(nbns_family(), kToAll, bytes(claim(flags))),
              Words{"nbns.registration: 192.0.2.20 is RDS01 for 300000"})
        << flags;
  }
}

TEST(Nbns, DoesNotTellWhatAMachineClaimsForAnother) {
  EXPECT_EQ(told(nbns_family(), kToAll, bytes(claim("2910", "c0000263"))), Words{});
}

TEST(Nbns, TellsAReleaseAsNoTimeToLive) {
  EXPECT_EQ(told(nbns_family(), kToAll, bytes(claim("3010", "c0000214", "00000000"))),
            Words{"nbns.release: 192.0.2.20 is RDS01 for 0"});
}

TEST(Nbns, TellsNothingFromAPlainQueryOrARefusal) {
  EXPECT_EQ(
      told(nbns_family(), kToAll, bytes("0003 0110 0001 0000 0000 0000" + kRds00 + "0020 0001")),
      Words{});
  auto refusal = bytes(query_response(kRds00, "6000"));
  refusal[3] = std::byte{0x83};
  EXPECT_EQ(told(nbns_family(), kFromHost, refusal), Words{});
}

/// 4.2.18; the name is "*".
const std::string kStatus = "0004 8400 0000 0001 0000 0000" +
                            encoded("CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA") +
                            "0021 0001 00000000 0037 03"
                            "52445330312020202020202020202000 0400"
                            "434f5250202020202020202020202000 8400"
                            "52445330312020202020202020202020 0400";

TEST(Nbns, TellsEverybodyTheNodeStatusOfTheSenderOnce) {
  EXPECT_EQ(told(nbns_family(), kFromHost, bytes(kStatus)),
            Words{"nbns.node_status: 192.0.2.20 is RDS01"});
}

TEST(Nbns, IsRecognisedByPortAndShape) {
  EXPECT_TRUE(recognise_nbns(to_datagram(kToAll, bytes(claim("2910")))));
  EXPECT_TRUE(recognise_nbns(to_datagram(kFromHost, bytes(kStatus))));
  EXPECT_FALSE(recognise_nbns(to_datagram(kFromHost, bytes("0000 0000 0000 0000 0000 0000"))));
  auto sent = kFromHost;
  sent.source_port = sent.destination_port = 138;
  EXPECT_FALSE(recognise_nbns(to_datagram(sent, bytes(kStatus))));
}

TEST(Nbns, DoesNoHarmWhenDamaged) {
  testing::expect_harmless_when_damaged(nbns_family(), kFromHost, bytes(kStatus));
  testing::expect_harmless_when_damaged(nbns_family(), kFromHost,
                                        bytes(query_response(kRds00, "6000")));
  testing::expect_harmless_when_damaged(nbns_family(), kToAll, bytes(claim("2910")));
}

}  // namespace
}  // namespace remora::names
