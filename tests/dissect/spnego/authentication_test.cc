#include "dissect/spnego/authentication.h"

#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/der.h"
#include "tests/support/hex.h"

namespace remora::spnego {
namespace {

using observation::AccountSeen;
using observation::EndAccount;
using observation::EndNamed;
using observation::NameKind;
using testing::der;
using testing::hex;
using testing::hex_of;
using testing::utf16_of;

constexpr auto kClient = Side::kInitiator;
constexpr auto kServer = Side::kAcceptor;

[[nodiscard]] std::string u16(std::size_t value) {
  return hex_of(std::string{static_cast<char>(value & 0xffU), static_cast<char>(value >> 8U)});
}
[[nodiscard]] std::string place(std::size_t size, std::size_t offset) {
  return u16(size) + u16(size) + u16(offset) + "0000";
}
[[nodiscard]] std::string pair(std::size_t id, const std::string& text) {
  return u16(id) + u16(text.size() * 2) + utf16_of(text);
}

/// CHALLENGE_MESSAGE, [MS-NLMP] 2.2.1.2.
[[nodiscard]] std::vector<std::byte> challenge(const std::string& netbios, const std::string& dns,
                                               const std::string& flags = "01008100") {
  const auto info = pair(1, netbios) + pair(3, dns) + "00000000";
  const auto target = utf16_of("TARGET");
  return hex(hex_of("NTLMSSP") + "00 02000000" + place(12, 48) + flags + "0123456789abcdef" +
             "0000000000000000" + place(info.size() / 2, 60) + target + info);
}

/// AUTHENTICATE_MESSAGE, 2.2.1.3, with an NTLMv2 response that repeats `pairs`.
[[nodiscard]] std::vector<std::byte> authenticate(const std::string& domain,
                                                  const std::string& user,
                                                  const std::string& workstation,
                                                  const std::string& pairs = "") {
  std::string response;
  if (!user.empty()) {
    response =
        "00112233445566778899aabbccddeeff 0101 0000 00000000 0090d336b734c301"
        "aaaaaaaaaaaaaaaa 00000000" +
        pairs + "00000000";
  }
  const auto size = hex(response).size();
  const auto at_user = 64 + domain.size() * 2;
  const auto at_workstation = at_user + user.size() * 2;
  const auto at_response = at_workstation + workstation.size() * 2;
  return hex(hex_of("NTLMSSP") + "00 03000000" + place(0, 64) + place(size, at_response) +
             place(domain.size() * 2, 64) + place(user.size() * 2, at_user) +
             place(workstation.size() * 2, at_workstation) + place(0, 64) + "01020800" +
             utf16_of(domain) + utf16_of(user) + utf16_of(workstation) + response);
}

class Exchange {
 public:
  Exchange& say(Side from, ByteView blob) {
    authentication_.on_blob(from, blob, {}, out_);
    return *this;
  }
  /// "server srv.corp.example; client WS-ALICE; CORP\alice of client; "
  [[nodiscard]] std::string told() const {
    std::string text;
    for (const auto& finding : out_.found()) {
      if (const auto* name = std::get_if<EndNamed>(&finding.what)) {
        text += name->whose == kClient ? "client " : "server ";
        text += name->name + (name->kind == NameKind::kKerberos ? " by Kerberos" : "") +
                (name->told_to_peer ? " as dialled; " : "; ");
      } else if (const auto* account = std::get_if<EndAccount>(&finding.what)) {
        EXPECT_EQ(account->kind, AccountSeen::Kind::kNtlm);
        text += account->domain + "\\" + account->user +
                (account->client == kClient ? " of client; " : " of server; ");
      }
    }
    return text;
  }
  [[nodiscard]] bool answered() const { return authentication_.answered(); }

 private:
  Authentication authentication_;
  Findings out_;
};

TEST(Authentication, NamesServerClientAndAccount) {
  Exchange exchange;
  exchange.say(kServer, challenge("SRV", "srv.corp.example"));
  EXPECT_FALSE(exchange.answered());
  exchange.say(kClient, authenticate("CORP", "alice", "WS-ALICE"));
  EXPECT_TRUE(exchange.answered());
  EXPECT_EQ(exchange.told(),
            "server srv.corp.example; server SRV; client WS-ALICE; CORP\\alice of client; ");
}

TEST(Authentication, MayBeTurnedRound) {
  Exchange exchange;
  exchange.say(kClient, challenge("WS", "ws"))
      .say(kServer, authenticate("", "bob@corp.example", ""));
  EXPECT_EQ(exchange.told(), "client WS; corp.example\\bob of server; ");
}

TEST(Authentication, TakesTheServersNamesFromTheClientWhereTheChallengeWasLost) {
  Exchange exchange;
  exchange.say(kClient, authenticate("CORP", "alice", "WS-ALICE",
                                     pair(1, "SRV") + pair(3, "srv.corp.example")));
  EXPECT_EQ(exchange.told(),
            "server srv.corp.example; server SRV; client WS-ALICE; CORP\\alice of client; ");
}

TEST(Authentication, TellsWhatTheClientDialledWhenTheServerDidNotSayIt) {
  Exchange exchange;
  exchange.say(kServer, challenge("SRV", "srv.corp.example"))
      .say(kClient, authenticate("CORP", "alice", "", pair(9, "cifs/files.corp.example")));
  EXPECT_EQ(exchange.told(),
            "server srv.corp.example; server SRV; server files.corp.example as dialled; "
            "CORP\\alice of client; ");
}

TEST(Authentication, SkipsPlaceholdersTheServersOwnNameAndTheAnonymous) {
  Exchange placeholder;
  placeholder.say(kClient, authenticate("", "", "NULL"));
  EXPECT_EQ(placeholder.told(), "");
  Exchange server;
  server.say(kServer, challenge("", "localhost"));
  EXPECT_EQ(server.told(), "");
  Exchange same;
  same.say(kServer, challenge("SRV", "srv.corp.example"))
      .say(kClient, authenticate("CORP", "alice", "srv"));
  EXPECT_EQ(same.told(), "server srv.corp.example; server SRV; CORP\\alice of client; ");
  Exchange path;
  path.say(kClient, authenticate("CORP", "alice", "\\\\WS-ALICE"));
  EXPECT_EQ(path.told(), "client WS-ALICE; CORP\\alice of client; ");
}

TEST(Authentication, TakesTheAccountOfAMachineForItsName) {
  Exchange named;
  named.say(kClient, authenticate("CORP", "WS-ALICE$", "WS-ALICE"));
  EXPECT_EQ(named.told(), "client WS-ALICE; ");
  Exchange bare;
  bare.say(kClient, authenticate("CORP", "WS-ALICE$", ""));
  EXPECT_EQ(bare.told(), "client WS-ALICE; ");
}

TEST(Authentication, TakesTheTargetOfAServerWithoutInfo) {
  Exchange exchange;
  exchange.say(kServer, challenge("", "", "01000200"));
  EXPECT_EQ(exchange.told(), "server TARGET; ");
}

TEST(Authentication, ByKerberosNamesTheServerDialled) {
  const auto service = der(
      "30", der("a0", "020102") + der("a1", der("30", der("1b", hex_of("cifs")) +
                                                          der("1b", hex_of("srv.corp.example")))));
  const auto ticket =
      der("61", der("30", der("a1", der("1b", hex_of("CORP.EXAMPLE"))) + der("a2", service)));
  Exchange exchange;
  exchange.say(kClient, hex(der("6e", der("30", der("a3", ticket)))));
  EXPECT_TRUE(exchange.answered());
  EXPECT_EQ(exchange.told(), "server srv.corp.example by Kerberos as dialled; ");
}

TEST(Authentication, SaysNothingOfOtherBlobs) {
  Exchange exchange;
  exchange.say(kClient, {}).say(kServer, hex("a1 07 3005 a003 0a01 00")).say(kClient, hex("ff"));
  EXPECT_EQ(exchange.told(), "");
  EXPECT_FALSE(exchange.answered());
}

TEST(HostOfService, IsItsSecondPart) {
  EXPECT_EQ(host_of_service("cifs/srv"), "srv");
  EXPECT_EQ(host_of_service("ldap/dc1.corp.example/corp.example"), "dc1.corp.example");
  EXPECT_EQ(host_of_service("MSSQLSvc/db.corp.example:1433"), "db.corp.example");
  EXPECT_EQ(host_of_service("krbtgt/CORP.EXAMPLE"), "");
  EXPECT_EQ(host_of_service("cifs/192.0.2.7"), "");
  EXPECT_EQ(host_of_service("cifs/unspecified"), "");
  EXPECT_EQ(host_of_service("cifs/LKDC:SHA1.00112233"), "");
  EXPECT_EQ(host_of_service("alice"), "");
  EXPECT_EQ(host_of_service("/srv"), "");
  EXPECT_EQ(host_of_service(""), "");
}

}  // namespace
}  // namespace remora::spnego
