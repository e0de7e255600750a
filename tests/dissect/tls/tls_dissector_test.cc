#include "dissect/tls/tls_dissector.h"

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/conversation/conversation.h"
#include "dissect/tls/family.h"
#include "tests/dissect/tls/openssl_talk.h"
#include "tests/support/hex.h"

namespace remora::tls {
namespace {

using testing::Flight;
using testing::kClient;
using testing::kServer;

/// A conversation of application data of the sizes given, client first, in turn.
std::vector<Flight> talk(int version, const char* ciphers, const std::vector<std::size_t>& sizes) {
  testing::TalkSettings settings{.version = version, .ciphers = ciphers};
  for (const auto size : sizes) { settings.texts.emplace_back(size, 'x'); }
  return testing::talk(settings).flights;
}

/// Reaches TLS as RDP does: by hand-over, after a byte of another protocol.
class OneByte : public Dissector {
 public:
  std::size_t on_bytes(Side, ByteView, Instant, Findings& out) override {
    out.hand_over(kProtocol);
    return 1;
  }
  void on_gap(Side, std::uint64_t, Instant, Findings&) override {}
};

const std::array kFamilies{Family{.protocol = {"one"},
                                  .recognise = [](ByteView) { return Verdict::kYes; },
                                  .make = [](const Context&) -> std::unique_ptr<Dissector> {
                                    return std::make_unique<OneByte>();
                                  }},
                           family()};

class Listener {
 public:
  Listener() { conversation_.on_bytes(kClient, remora::testing::hex("00"), {}, found_); }
  void hear(const Flight& flight) { conversation_.on_bytes(flight.from, flight.bytes, {}, found_); }
  void hear(Side from, ByteView bytes) { conversation_.on_bytes(from, bytes, {}, found_); }
  void miss(Side from, std::size_t size) { conversation_.on_gap(from, size, {}, found_); }

  template <typename What>
  [[nodiscard]] std::vector<What> all() const {
    std::vector<What> found;
    for (const auto& finding : found_) {
      if (const auto* what = std::get_if<What>(&finding.what)) { found.push_back(*what); }
    }
    return found;
  }
  /// "client 12, server 11": the lengths told.
  [[nodiscard]] std::string lengths() const {
    std::string text;
    for (const auto& record : all<observation::SealedRecord>()) {
      if (!text.empty()) { text += ", "; }
      text +=
          (record.from == kClient ? "client " : "server ") + std::to_string(record.plaintext_bytes);
    }
    return text;
  }
  [[nodiscard]] std::vector<Observation> observations() const {
    std::vector<Observation> what;
    for (const auto& finding : found_) { what.push_back(finding.what); }
    return what;
  }
  std::vector<Finding> found_;

 private:
  Conversation conversation_{Families{kFamilies}};
};

Listener hear_all(const std::vector<Flight>& flights) {
  Listener listener;
  for (const auto& flight : flights) { listener.hear(flight); }
  return listener;
}

TEST(TlsDissector, TellsTheHandshakeOfTls12AndTheLengthsAfterIt) {
  const auto listener =
      hear_all(talk(TLS1_2_VERSION, "ECDHE-RSA-AES256-GCM-SHA384", {450, 120, 12, 11, 8}));
  const auto client = listener.all<observation::TlsClientHello>();
  ASSERT_EQ(client.size(), 1U);
  EXPECT_EQ(client[0].sni, "srv.corp.example");
  EXPECT_EQ(client[0].versions, (std::vector<std::uint16_t>{0x0303}));
  EXPECT_EQ(client[0].ja3.size(), 32U);
  const auto server = listener.all<observation::TlsServerHello>();
  ASSERT_EQ(server.size(), 1U);
  EXPECT_EQ(server[0].version, 0x0303);
  EXPECT_EQ(server[0].cipher_name, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
  const auto certificate = listener.all<observation::CertificateSeen>();
  ASSERT_EQ(certificate.size(), 1U);
  EXPECT_EQ(certificate[0].subject, "CN=srv,DC=corp,DC=example");
  EXPECT_EQ(listener.lengths(), "client 450, server 120, client 12, server 11, client 8");
}

TEST(TlsDissector, TellsTheLengthsOfTls13WithoutTheHiddenHandshake) {
  const auto listener = hear_all(talk(TLS1_3_VERSION, nullptr, {450, 120, 12, 11, 8}));
  const auto server = listener.all<observation::TlsServerHello>();
  ASSERT_EQ(server.size(), 1U);
  EXPECT_EQ(server[0].version, 0x0304);
  EXPECT_TRUE(listener.all<observation::CertificateSeen>().empty());
  EXPECT_EQ(listener.lengths(), "client 450, server 120, client 12, server 11, client 8");
}

TEST(TlsDissector, TellsUpperBoundsForCbc) {
  const auto listener = hear_all(talk(TLS1_2_VERSION, "AES128-SHA", {12, 11}));
  const auto records = listener.all<observation::SealedRecord>();
  ASSERT_EQ(records.size(), 2U);
  EXPECT_FALSE(records[0].exact);
  // Both peers MAC the ciphertext (RFC 7366), so the bound is nearer than without.
  EXPECT_GE(records[0].plaintext_bytes, 12U);
  EXPECT_LT(records[0].plaintext_bytes, 12U + 16U);
}

TEST(TlsDissector, FindsTheSameHoweverTheStreamIsCut) {
  const auto flights = talk(TLS1_2_VERSION, "ECDHE-RSA-AES256-GCM-SHA384", {450, 120, 12});
  const auto whole = hear_all(flights).observations();
  for (std::size_t step : {1U, 2U, 3U, 5U, 100U, 1000U}) {
    Listener listener;
    for (const auto& flight : flights) {
      const ByteView bytes{flight.bytes};
      for (std::size_t at = 0; at < bytes.size(); at += step) {
        listener.hear(flight.from, bytes.subspan(at, std::min(step, bytes.size() - at)));
      }
    }
    EXPECT_EQ(listener.observations(), whole) << "in pieces of " << step;
  }
}

TEST(TlsDissector, SurvivesAGapAtEachPlaceAndFindsItsWayBack) {
  const auto flights = talk(TLS1_2_VERSION, "ECDHE-RSA-AES256-GCM-SHA384", {450, 120, 12, 11});
  for (std::size_t lost = 0; lost < flights.size(); ++lost) {
    Listener listener;
    for (std::size_t i = 0; i < flights.size(); ++i) {
      if (i == lost) {
        listener.miss(flights[i].from, flights[i].bytes.size());
      } else {
        listener.hear(flights[i]);
      }
    }
    EXPECT_TRUE(listener.all<observation::Damage>().empty()) << "flight " << lost;
  }
}

TEST(TlsDissector, SurvivesEveryChangedByteOfAHandshake) {
  const auto flights = talk(TLS1_2_VERSION, "ECDHE-RSA-AES256-GCM-SHA384", {12});
  for (std::size_t flight = 0; flight < flights.size(); ++flight) {
    for (std::size_t at = 0; at < flights[flight].bytes.size(); ++at) {
      auto changed = flights;
      changed[flight].bytes[at] ^= std::byte{0xff};
      (void)hear_all(changed);
    }
  }
}

TEST(TlsDissector, GivesUpOnBytesThatAreNotTls) {
  Listener listener;
  listener.hear(kClient, remora::testing::hex("0300 0013 0ed0"));
  const auto damage = listener.all<observation::Damage>();
  ASSERT_EQ(damage.size(), 1U);
  EXPECT_EQ(damage[0].what, "TLSPlaintext at 0: no TLS content type");
}

TEST(TlsDissector, TellsAnAlertInClear) {
  Listener listener;
  listener.hear(kServer, remora::testing::hex("15 0303 0002 02 28"));
  const auto alerts = listener.all<observation::TlsAlertSeen>();
  ASSERT_EQ(alerts.size(), 1U);
  EXPECT_TRUE(alerts[0].fatal);
  EXPECT_EQ(alerts[0].description, 40);
}

TEST(TlsDissector, DoesNotKeepAHandshakeMessageThatClaimsTooMuch) {
  Listener listener;
  listener.hear(kClient, remora::testing::hex("16 0303 0004 01 ffffff"));
  EXPECT_EQ(listener.all<observation::Damage>().size(), 1U);
}

}  // namespace
}  // namespace remora::tls
