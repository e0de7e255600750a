#include "dissect/ntlm/messages.h"

#include <string>
#include <variant>

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::ntlm {
namespace {

using testing::hex;

// [MS-NLMP] 2.2.1.1
const auto kNegotiate =
    hex("4e544c4d53535000 01000000"
        "07 32 00 02"         // NegotiateFlags: VERSION, NTLM, both names supplied, OEM, UNICODE
        "0400 0400 30000000"  // DomainNameFields: at 48
        "0800 0800 28000000"  // WorkstationFields: at 40
        "0a 00 61 4a 00 00 00 0f"  // Version: 10.0.19041
        "57532d414c494345"         // "WS-ALICE"
        "434f5250");               // "CORP"

// 2.2.1.2
const auto kChallenge =
    hex("4e544c4d53535000 02000000"
        "0800 0800 38000000"  // TargetNameFields: at 56
        "01 00 81 02"         // NegotiateFlags: UNICODE, TARGET_TYPE_DOMAIN, TARGET_INFO, VERSION
        "0123456789abcdef"    // ServerChallenge
        "0000000000000000"    // Reserved
        "8a00 8a00 40000000"  // TargetInfoFields: at 64
        "0a 00 63 45 00 00 00 0f"        // Version: 10.0.17763
        "4300 4f00 5200 5000"            // "CORP"
        "0200 0800 4300 4f00 5200 5000"  // NbDomainName
        "0100 0600 5300 5200 5600"       // NbComputerName
        "0400 1800 6300 6f00 7200 7000 2e00 6500 7800 6100 6d00 7000 6c00 6500"  // DnsDomainName
        "0300 2000 7300 7200 7600 2e00 6300 6f00 7200 7000 2e00 6500 7800 6100 6d00 7000 6c00 6500"
        "0500 1800 6300 6f00 7200 7000 2e00 6500 7800 6100 6d00 7000 6c00 6500"  // DnsTreeName
        "0600 0400 02000000"                                                     // Flags
        "0700 0800 0090d336b734c301"                                             // Timestamp
        "0000 0000");

// 2.2.1.3 with an NTLMv2 response
const auto kAuthenticate =
    hex("4e544c4d53535000 03000000"
        "0000 0000 48000000"  // LmChallengeResponseFields
        "5200 5200 6c000000"  // NtChallengeResponseFields: at 108
        "0800 0800 48000000"  // DomainNameFields: at 72
        "0a00 0a00 50000000"  // UserNameFields: at 80
        "1000 1000 5a000000"  // WorkstationFields: at 90
        "0000 0000 be000000"  // EncryptedRandomSessionKeyFields
        "01 02 08 02"         // NegotiateFlags: UNICODE, NTLM, EXTENDED_SESSIONSECURITY, VERSION
        "0a 00 61 4a 00 00 00 0f"                  // Version
        "4300 4f00 5200 5000"                      // "CORP"
        "6100 6c00 6900 6300 6500"                 // "alice"
        "5700 5300 2d00 4100 4c00 4900 4300 4500"  // "WS-ALICE"
        "0000"                                     // unused
        "00112233445566778899aabbccddeeff"         // Response
        "01 01 0000 00000000"                      // RespType, HiRespType, Reserved
        "0090d336b734c301 aaaaaaaaaaaaaaaa 00000000"
        "0100 0600 5300 5200 5600"                           // NbComputerName
        "0900 1000 6300 6900 6600 7300 2f00 7300 7200 7600"  // TargetName "cifs/srv"
        "0000 0000 00000000");

template <typename Kind>
[[nodiscard]] Kind read(ByteView bytes) {
  auto message = decode(bytes, read_message);
  if (!message.has_value() || !std::holds_alternative<Kind>(*message)) {
    ADD_FAILURE() << "not a message of this kind";
    return {};
  }
  return std::get<Kind>(*message);
}

TEST(Negotiate, HasItsNamesInOemText) {
  const auto negotiate = read<Negotiate>(kNegotiate);
  EXPECT_EQ(negotiate.flags.raw(), 0x02003207U);
  EXPECT_EQ(negotiate.workstation, "WS-ALICE");
  EXPECT_EQ(negotiate.domain, "CORP");
  EXPECT_EQ(negotiate.version, (Version{.major = 10, .minor = 0, .build = 19041}));
}

TEST(Negotiate, HasNoNamesWhenItDoesNotSaySo) {
  auto bytes = kNegotiate;
  bytes[13] = std::byte{0x02};
  EXPECT_TRUE(read<Negotiate>(bytes).workstation.empty());
  EXPECT_TRUE(read<Negotiate>(bytes).domain.empty());
}

TEST(Negotiate, MayEndBehindItsFlags) {
  const auto negotiate = read<Negotiate>(ByteView{kNegotiate}.first(16));
  EXPECT_TRUE(negotiate.workstation.empty());
  EXPECT_FALSE(negotiate.version.has_value());
}

TEST(Challenge, TellsTheNamesOfTheServer) {
  const auto challenge = read<Challenge>(kChallenge);
  EXPECT_EQ(challenge.target_name, "CORP");
  EXPECT_TRUE(challenge.flags.has(NegotiateFlags::kTargetTypeDomain));
  const auto& info = challenge.target_info;
  EXPECT_EQ(info.nb_computer_name, "SRV");
  EXPECT_EQ(info.nb_domain_name, "CORP");
  EXPECT_EQ(info.dns_computer_name, "srv.corp.example");
  EXPECT_EQ(info.dns_domain_name, "corp.example");
  EXPECT_EQ(info.dns_tree_name, "corp.example");
  EXPECT_EQ(info.flags, 2U);
  EXPECT_EQ(info.timestamp, 0x01c334b736d39000U);
  EXPECT_EQ(challenge.version, (Version{.major = 10, .minor = 0, .build = 17763}));
}

TEST(Challenge, MayLackItsTargetInfo) {
  const auto bytes =
      hex("4e544c4d53535000 02000000 0300 0300 20000000 02 00 02 00 0123456789abcdef 535256");
  const auto challenge = read<Challenge>(bytes);
  EXPECT_EQ(challenge.target_name, "SRV");
  EXPECT_EQ(challenge.target_info, TargetInfo{});
}

TEST(Authenticate, TellsUserDomainAndWorkstation) {
  const auto authenticate = read<Authenticate>(kAuthenticate);
  EXPECT_EQ(authenticate.domain, "CORP");
  EXPECT_EQ(authenticate.user, "alice");
  EXPECT_EQ(authenticate.workstation, "WS-ALICE");
  EXPECT_EQ(authenticate.target_info.nb_computer_name, "SRV");
  EXPECT_EQ(authenticate.target_info.target_name, "cifs/srv");
  EXPECT_FALSE(authenticate.anonymous);
  EXPECT_EQ(authenticate.version, (Version{.major = 10, .minor = 0, .build = 19041}));
}

TEST(Authenticate, IsAnonymousWithoutUserAndResponse) {
  const auto bytes =
      hex("4e544c4d53535000 03000000"
          "0100 0100 40000000 0000 0000 41000000 0000 0000 40000000 0000 0000 40000000"
          "0000 0000 40000000 0000 0000 41000000 01 0a 08 00 00");
  EXPECT_TRUE(read<Authenticate>(bytes).anonymous);
}

TEST(Authenticate, OfTheOldestClientsHasNoFlagsAndOemText) {
  const auto bytes =
      hex("4e544c4d53535000 03000000"
          "0000 0000 00000000 0000 0000 00000000"
          "0400 0400 34000000"  // DomainNameFields: at 52
          "0300 0300 38000000"  // UserNameFields
          "0200 0200 3b000000"  // WorkstationFields
          "434f5250 626f62 5753");
  const auto authenticate = read<Authenticate>(bytes);
  EXPECT_EQ(authenticate.domain, "CORP");
  EXPECT_EQ(authenticate.user, "bob");
  EXPECT_EQ(authenticate.workstation, "WS");
}

TEST(Message, HasNoNameWhosePlaceLiesOutside) {
  auto bytes = kAuthenticate;
  bytes[40] = std::byte{0xff};  // UserName: at 255
  bytes[45] = std::byte{0xff};  // Workstation: 65,296 bytes
  const auto authenticate = read<Authenticate>(bytes);
  EXPECT_TRUE(authenticate.user.empty());
  EXPECT_TRUE(authenticate.workstation.empty());
  EXPECT_EQ(authenticate.domain, "CORP");
}

TEST(Message, IsRefusedWithoutSignatureOrOfUnknownType) {
  EXPECT_FALSE(decode(hex("4e544c4d53535001 01000000 00000000"), read_message).has_value());
  EXPECT_FALSE(decode(hex("4e544c4d53535000 04000000 00000000"), read_message).has_value());
  EXPECT_FALSE(is_ntlm(hex("4e544c4d535350")));
  EXPECT_TRUE(is_ntlm(hex("4e544c4d53535000")));
}

TEST(TargetInfo, KeepsWhatStandsBeforeACut) {
  const auto info = read_target_info(hex("0100 0600 5300 5200 5600 0200 0800 4300"));
  EXPECT_EQ(info.nb_computer_name, "SRV");
  EXPECT_TRUE(info.nb_domain_name.empty());
}

TEST(TargetInfo, EndsAtItsEndAndAtItsLimit) {
  EXPECT_TRUE(read_target_info(hex("0000 0000 0100 0200 5300")).nb_computer_name.empty());
  std::string many;
  for (std::size_t pair = 0; pair < kMaxPairs; ++pair) { many += "0800 0000"; }
  EXPECT_TRUE(read_target_info(hex(many + "0100 0200 5300")).nb_computer_name.empty());
}

TEST(Message, HasNoNameThatIsTooLong) {
  std::string pair = "0100 0208";
  for (std::size_t at = 0; at < 0x0802 / 2; ++at) { pair += "6100"; }
  EXPECT_TRUE(read_target_info(hex(pair)).nb_computer_name.empty());
}

TEST(Message, ObeysTheLawsOfReaders) {
  for (const auto* bytes : {&kNegotiate, &kChallenge, &kAuthenticate}) {
    testing::expect_reader_laws(*bytes, read_message);
  }
}

}  // namespace
}  // namespace remora::ntlm
