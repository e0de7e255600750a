// A multitransport connection from its SYN to its channels: RDP-UDP as [MS-RDPEUDP] has it around
// what OpenSSL sealed.

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/conversation/datagram_conversation.h"
#include "dissect/conversation/recogniser.h"
#include "dissect/rdp_udp/family.h"
#include "dissect/tls/family.h"
#include "tests/dissect/multitransport/tunnel_families.h"
#include "tests/dissect/rdp_udp/wrapped.h"
#include "tests/dissect/tls/openssl_datagrams.h"
#include "tests/support/hex.h"

namespace remora::multitransport {
namespace {

using rdp_udp::testing::Flights;
using rdp_udp::testing::Way;
using rdp_udp::testing::wrap;
using testing::hex;
using tls::testing::kClient;
using tls::testing::kServer;

std::string text(std::string_view bytes) {
  return std::string{as_text(hex(bytes))};
}

/// The tunnel is asked for and given; "ECHO" on channel 5, "rdpdr" on 7, on which the client says
/// what it is called in two PDUs, in three.
const std::vector<tls::testing::Text> kTunnel{
    {kClient, text("00 1800 04 07000000 00000000 e2f0d108567fb43adcf4b3dc16921e3a")},
    {kServer, text("01 0400 04 00000000")},
    {kServer, text("02 0700 0a 06 00 0100 1400 1005 4543484f 00")},
    {kClient, text("02 0600 04 1005 00000000")},
    {kServer, text("02 0800 04 1007 726470647200")},
    {kClient, text("02 0600 04 1007 00000000")},
    {kServer, text("02 0400 04 3005 aabb")},
    {kClient, text("02 0d00 04 2007 16 7244 4e43 01000000 0000")},
    {kClient, text("02 0e00 04 3007 0000 06000000 57005300 0000")}};
const std::string kAll{
    "multitransport.create_request multitransport.create_response drdynvc.create drdynvc.create "
    "rdpdr.client_name "};

struct Told {
  std::string opened;  ///< rules of what was decrypted
  std::string clear;
};

const std::array kFamilies{rdp_udp::family(),  tls::multitransport_family(), tls::dtls_family(),
                           kTunnelFamilies[0], kTunnelFamilies[1],           kTunnelFamilies[2]};

Told hear(const Flights& datagrams, const Context& context) {
  std::vector<Finding> found;
  std::unique_ptr<DatagramConversation> conversation;
  for (const auto& [from, bytes] : datagrams) {
    Datagram datagram{};
    datagram.from = from;
    datagram.bytes = bytes;
    if (conversation == nullptr) {
      const auto* family = recognise_datagram(kFamilies, datagram);
      if (family == nullptr) { continue; }
      conversation = std::make_unique<DatagramConversation>(kFamilies, *family, context);
    }
    conversation->on_datagram(datagram, found);
  }
  Told told;
  for (const auto& finding : found) {
    auto& where = finding.certainty == Certainty::kDecrypted ? told.opened : told.clear;
    where += finding.rule + std::string{" "};
  }
  return told;
}

tls::testing::Talk talk(bool datagrams, int version, const char* ciphers, const char* suites = {}) {
  tls::testing::DatagramSettings settings;
  settings.talk = {.version = version, .ciphers = ciphers, .suites = suites, .further = kTunnel};
  settings.ask_cookie = true;
  auto told =
      datagrams ? tls::testing::talk_in_datagrams(settings) : tls::testing::talk(settings.talk);
  EXPECT_TRUE(told.good);
  return told;
}

TEST(OpenedTransports, ReadsTheTunnelInsideDtls) {
  for (const auto& [version, ciphers] :
       std::vector<std::pair<int, const char*>>{{DTLS1_2_VERSION, "ECDHE-RSA-AES256-GCM-SHA384"},
                                                {DTLS1_2_VERSION, "ECDHE-RSA-AES128-SHA256"},
                                                {DTLS1_VERSION, "ECDHE-RSA-AES256-SHA"}}) {
    const auto said = talk(true, version, ciphers);
    Context context;
    context.keys.tls().add_key_log(said.key_log);
    for (const auto way : {Way::kLossy1, Way::kLossy2}) {
      const auto told = hear(wrap(said.flights, way), context);
      EXPECT_EQ(told.opened, kAll) << ciphers;
      EXPECT_EQ(told.clear,
                "rdp_udp.syn rdp_udp.syn_ack dtls.client_hello dtls.server_hello dtls.certificate ")
          << ciphers;
    }
  }
}

TEST(OpenedTransports, ReadsTheTunnelInsideTls) {
  const auto expect = [](const tls::testing::Talk& said) {
    Context context;
    context.keys.tls().add_key_log(said.key_log);
    for (const auto way : {Way::kReliable2, Way::kReliable3}) {
      const auto told = hear(wrap(said.flights, way), context);
      EXPECT_TRUE(told.opened.ends_with(kAll)) << told.opened << ", " << told.clear;
    }
  };
  expect(talk(false, TLS1_2_VERSION, "ECDHE-RSA-AES256-GCM-SHA384"));
  expect(talk(false, TLS1_VERSION, "ECDHE-RSA-AES256-SHA"));
  expect(talk(false, TLS1_3_VERSION, nullptr, "TLS_AES_256_GCM_SHA384"));
}

TEST(OpenedTransports, OpensWithTheKeyOfTheServer) {
  for (const bool datagrams : {true, false}) {
    const auto said =
        talk(datagrams, datagrams ? DTLS1_2_VERSION : TLS1_2_VERSION, "AES256-GCM-SHA384");
    Context context;
    auto read = keys::read_rsa_key(as_bytes(said.server_key), {});
    context.keys.add_rsa_key(std::move(*read.key));
    const auto way = datagrams ? Way::kLossy2 : Way::kReliable2;
    const auto told = hear(wrap(said.flights, way), context);
    EXPECT_TRUE(told.opened.ends_with(kAll)) << told.opened << ", " << told.clear;
  }
}

TEST(OpenedTransports, WithoutKeysItStaysClosed) {
  for (const bool datagrams : {true, false}) {
    const auto said =
        talk(datagrams, datagrams ? DTLS1_2_VERSION : TLS1_2_VERSION, "ECDHE-RSA-AES128-SHA256");
    const auto told =
        hear(wrap(said.flights, datagrams ? Way::kLossy2 : Way::kReliable3), nothing_given());
    EXPECT_EQ(told.opened, "");
    EXPECT_EQ(told.clear.find("malformed"), std::string::npos) << told.clear;
  }
}

/// What is told of `some` is told of the whole, too, in that order.
bool is_part(const std::string& some, const std::string& whole) {
  std::size_t at = 0;
  for (std::size_t start = 0; start < some.size();) {
    const auto end = some.find(' ', start) + 1;
    at = whole.find(some.substr(start, end - start), at);
    if (at == std::string::npos) { return false; }
    at += end - start;
    start = end;
  }
  return true;
}

TEST(OpenedTransports, NeverTellsAnythingWrongHoweverMuchIsMissing) {
  const auto sealed = talk(true, DTLS1_2_VERSION, "ECDHE-RSA-AES128-GCM-SHA256");
  const auto reliable = talk(false, TLS1_2_VERSION, "ECDHE-RSA-AES128-GCM-SHA256");
  for (const auto& [said, way] :
       {std::pair{&sealed, Way::kLossy2}, std::pair{&reliable, Way::kReliable2},
        std::pair{&reliable, Way::kReliable3}}) {
    Context context;
    context.keys.tls().add_key_log(said->key_log);
    const auto whole = wrap(said->flights, way);
    const auto all = hear(whole, context).opened;
    // Each datagram, each pair, and each half of them.
    for (std::size_t at = 0; at < whole.size(); ++at) {
      for (const std::size_t size : {std::size_t{1}, std::size_t{2}, whole.size() / 2}) {
        auto some = whole;
        const auto first = some.begin() + static_cast<std::ptrdiff_t>(at);
        some.erase(first, first + static_cast<std::ptrdiff_t>(std::min(size, whole.size() - at)));
        const auto told = hear(some, context);
        EXPECT_TRUE(is_part(told.opened, all)) << at << ", " << size << ": " << told.opened;
      }
    }
    for (std::size_t at = 0; at + 1 < whole.size(); ++at) {
      auto swapped = whole;
      std::swap(swapped[at], swapped[at + 1]);
      const auto told = hear(swapped, context);
      EXPECT_EQ(told.opened.find("pdu"), std::string::npos) << at << ": " << told.opened;
      auto twice = whole;
      twice.insert(twice.begin() + static_cast<std::ptrdiff_t>(at), whole[at]);
      EXPECT_EQ(hear(twice, context).opened, all) << at;
    }
  }
}

}  // namespace
}  // namespace remora::multitransport
