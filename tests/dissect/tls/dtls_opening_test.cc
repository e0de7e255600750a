// What OpenSSL sealed over datagrams, with the secrets that OpenSSL gives away.

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dissect/tls/dtls_dissector.h"
#include "tests/dissect/tls/openssl_datagrams.h"

namespace remora::tls {
namespace {

using testing::DatagramSettings;
using ::testing::ElementsAre;
using testing::Flight;
using ::testing::IsEmpty;
using testing::kClient;
using testing::kServer;

const std::vector<std::string> kTexts{
    "tunnel create request", "tunnel create response", "third", "fourth", "fifth", "sixth"};

enum class Given : std::uint8_t { kLog, kServerKey, kBoth, kNothing };

keys::KeyRing ring(const testing::Talk& talk, Given given) {
  keys::KeyRing keys;
  if (given == Given::kLog || given == Given::kBoth) { keys.tls().add_key_log(talk.key_log); }
  if (given == Given::kServerKey || given == Given::kBoth) {
    auto read = keys::read_rsa_key(as_bytes(talk.server_key), {});
    keys.add_rsa_key(std::move(*read.key));
  }
  return keys;
}

/// What came out: each record's text, and a "-" where a gap was told.
struct Heard {
  std::array<std::vector<std::string>, 2> texts;  ///< by index_of(Side)
  std::vector<std::string> rules;
  bool all_decrypted{true};

  /// Without gaps, both sides in one.
  [[nodiscard]] std::vector<std::string> all() const {
    std::vector<std::string> both;
    for (const auto& side : texts) {
      std::ranges::copy_if(side, std::back_inserter(both), [](auto& text) { return text != "-"; });
    }
    return both;
  }
  [[nodiscard]] bool told(const std::string& rule) const {
    return std::ranges::find(rules, rule) != rules.end();
  }
};

Heard hear(const std::vector<Flight>& datagrams, const keys::KeyRing& keys) {
  DtlsDissector dissector{keys};
  Heard heard;
  for (const auto& datagram : datagrams) {
    for (ByteView rest = datagram.bytes; !rest.empty();) {
      Findings out;
      const auto used = dissector.on_bytes(datagram.from, rest, {}, out);
      EXPECT_GT(used, 0U);
      if (used == 0) { break; }
      rest = rest.subspan(used);
      for (const auto& carried : out.passed_on()) {
        auto& side = heard.texts.at(index_of(carried.from));
        side.push_back(carried.missing > 0 ? "-" : std::string{as_text(carried.bytes)});
        heard.all_decrypted &= carried.certainty == Certainty::kDecrypted;
      }
      for (const auto& finding : out.found()) { heard.rules.emplace_back(finding.rule); }
    }
  }
  return heard;
}

std::vector<std::string> every_other(std::size_t first) {
  std::vector<std::string> texts;
  for (auto at = first; at < kTexts.size(); at += 2) { texts.push_back(kTexts[at]); }
  return texts;
}

void expect_whole(const Heard& heard, const std::string& what) {
  EXPECT_EQ(heard.texts[0], every_other(0)) << what;
  EXPECT_EQ(heard.texts[1], every_other(1)) << what;
  EXPECT_TRUE(heard.all_decrypted) << what;
}

/// Texts that were said, none twice; which of them came through is for the caller to know.
void expect_nothing_wrong(const Heard& heard, const std::string& what) {
  auto texts = heard.all();
  for (const auto& text : texts) {
    EXPECT_NE(std::ranges::find(kTexts, text), kTexts.end()) << what << ": " << text;
  }
  std::ranges::sort(texts);
  EXPECT_EQ(std::ranges::adjacent_find(texts), texts.end()) << what;
}

DatagramSettings about(int version, const char* ciphers) {
  DatagramSettings settings;
  settings.talk.version = version;
  settings.talk.ciphers = ciphers;
  settings.talk.texts = kTexts;
  return settings;
}

struct Suite {
  int version;
  const char* name;
};
const std::vector<Suite> kSuites{
    {DTLS1_2_VERSION, "ECDHE-RSA-AES256-GCM-SHA384"},
    {DTLS1_2_VERSION, "ECDHE-RSA-AES128-GCM-SHA256"},
    {DTLS1_2_VERSION, "ECDHE-RSA-CHACHA20-POLY1305"},
    {DTLS1_2_VERSION, "ECDHE-RSA-AES256-SHA384"},
    {DTLS1_2_VERSION, "ECDHE-RSA-AES128-SHA256"},
    {DTLS1_2_VERSION, "ECDHE-RSA-AES256-SHA"},
    {DTLS1_2_VERSION, "DHE-RSA-AES256-CCM8"},
    {DTLS1_2_VERSION, "DHE-RSA-AES128-CCM"},
    {DTLS1_VERSION, "ECDHE-RSA-AES256-SHA"},
    {DTLS1_VERSION, "ECDHE-RSA-AES128-SHA"},
    {DTLS1_VERSION, "DHE-RSA-CAMELLIA256-SHA"},
};
const std::vector<Suite> kRsaSuites{
    {DTLS1_2_VERSION, "AES256-GCM-SHA384"}, {DTLS1_2_VERSION, "AES128-GCM-SHA256"},
    {DTLS1_2_VERSION, "AES256-SHA256"},     {DTLS1_2_VERSION, "AES128-SHA"},
    {DTLS1_VERSION, "AES256-SHA"},          {DTLS1_VERSION, "AES128-SHA"},
};

/// With and without the extensions that change keys and records, and a cookie.
template <typename Do>
void with_extensions(const Suite& suite, Do act) {
  for (const int bits : {0, 1, 2, 3, 7}) {
    auto settings = about(suite.version, suite.name);
    settings.talk.extended_master_secret = (bits & 1) != 0;
    settings.talk.encrypt_then_mac = (bits & 2) != 0;
    settings.ask_cookie = (bits & 4) != 0;
    const auto talk = testing::talk_in_datagrams(settings);
    const auto what =
        std::string{suite.name} + " " + std::to_string(suite.version) + " " + std::to_string(bits);
    ASSERT_TRUE(talk.good) << what;
    act(talk, what);
  }
}

TEST(DtlsOpening, OpensWhatTheLogHas) {
  for (const auto& suite : kSuites) {
    with_extensions(suite, [](const testing::Talk& talk, const std::string& what) {
      const auto heard = hear(talk.flights, ring(talk, Given::kLog));
      expect_whole(heard, what);
      EXPECT_THAT(heard.rules,
                  ElementsAre("dtls.client_hello", "dtls.server_hello", "dtls.certificate"))
          << what;
    });
  }
}

TEST(DtlsOpening, OpensWithTheKeyOfTheServer) {
  for (const auto& suite : kRsaSuites) {
    with_extensions(suite, [](const testing::Talk& talk, const std::string& what) {
      for (const auto given : {Given::kLog, Given::kServerKey, Given::kBoth}) {
        expect_whole(hear(talk.flights, ring(talk, given)), what);
      }
    });
  }
}

TEST(DtlsOpening, PutsMessagesTogetherFromSmallPieces) {
  auto settings = about(DTLS1_2_VERSION, "AES128-GCM-SHA256");
  settings.mtu = 256;
  const auto talk = testing::talk_in_datagrams(settings);
  ASSERT_TRUE(talk.good);
  ASSERT_GT(talk.flights.size(), 16U);  // what it takes in datagrams of 1100 bytes, and more
  const auto keys = ring(talk, Given::kServerKey);
  expect_whole(hear(talk.flights, keys), "in order");
  // The server's flight in the opposite order.
  auto turned = talk.flights;
  const auto first = std::ranges::find(turned, kServer, &Flight::from);
  const auto last = std::find_if(first, turned.end(), [](auto& f) { return f.from == kClient; });
  std::reverse(first, last);
  expect_whole(hear(turned, keys), "turned round");
}

TEST(DtlsOpening, OpensNothingWithoutAKeyThatFits) {
  const auto talk = testing::talk_in_datagrams(about(DTLS1_2_VERSION, "AES128-GCM-SHA256"));
  const auto other = testing::talk_in_datagrams(about(DTLS1_2_VERSION, "AES128-GCM-SHA256"));
  const auto closed = hear(talk.flights, ring(talk, Given::kNothing));
  EXPECT_THAT(closed.all(), IsEmpty());
  EXPECT_FALSE(closed.told("keys.no_match"));
  const auto wrong = hear(talk.flights, ring(other, Given::kLog));
  EXPECT_THAT(wrong.all(), IsEmpty());
  EXPECT_EQ(std::ranges::count(wrong.rules, "keys.no_match"), 1);
}

TEST(DtlsOpening, SaysThatALyingLogDoesNotFit) {
  auto settings = about(DTLS1_2_VERSION, "ECDHE-RSA-AES128-GCM-SHA256");
  settings.talk.texts.assign(DtlsDissector::kMaxNotOpened + 8, "text");
  auto talk = testing::talk_in_datagrams(settings);
  auto& digit = talk.key_log[talk.key_log.find_last_not_of('\n')];
  digit = digit == '0' ? '1' : '0';
  const auto heard = hear(talk.flights, ring(talk, Given::kLog));
  EXPECT_THAT(heard.all(), IsEmpty());
  EXPECT_EQ(std::ranges::count(heard.rules, "keys.no_match"), 1);
}

/// Every datagram of it missing once, and each two that follow on one another.
void lose_each(const testing::Talk& talk, const keys::KeyRing& keys, const std::string& what) {
  for (std::size_t size = 1; size <= 2; ++size) {
    for (std::size_t at = 0; at + size <= talk.flights.size(); ++at) {
      auto some = talk.flights;
      const auto first = some.begin() + static_cast<std::ptrdiff_t>(at);
      some.erase(first, first + static_cast<std::ptrdiff_t>(size));
      const auto heard = hear(some, keys);
      const auto where = what + " without " + std::to_string(at);
      expect_nothing_wrong(heard, where);
      // A record that is missing takes itself away and nothing else.
      const auto texts_begin = talk.flights.size() - kTexts.size();
      if (at >= texts_begin) { EXPECT_EQ(heard.all().size(), kTexts.size() - size) << where; }
    }
  }
}

TEST(DtlsOpening, LosesNothingButWhatIsMissing) {
  for (const auto* suite : {"ECDHE-RSA-AES128-GCM-SHA256", "AES256-SHA256"}) {
    const auto talk = testing::talk_in_datagrams(about(DTLS1_2_VERSION, suite));
    lose_each(talk, ring(talk, Given::kLog), suite);
  }
  const auto talk = testing::talk_in_datagrams(about(DTLS1_VERSION, "AES128-SHA"));
  lose_each(talk, ring(talk, Given::kServerKey), "with the server's key");
}

TEST(DtlsOpening, TellsAGapWhereARecordIsMissing) {
  auto talk = testing::talk_in_datagrams(about(DTLS1_2_VERSION, "ECDHE-RSA-AES128-GCM-SHA256"));
  talk.flights.erase(talk.flights.end() - 3);  // "fourth"
  const auto heard = hear(talk.flights, ring(talk, Given::kLog));
  EXPECT_EQ(heard.texts[0], every_other(0));
  EXPECT_THAT(heard.texts[1], ElementsAre(kTexts[1], "-", kTexts[5]));
}

TEST(DtlsOpening, ReadsWhatComesAgainOnce) {
  const auto talk = testing::talk_in_datagrams(about(DTLS1_VERSION, "ECDHE-RSA-AES256-SHA"));
  const auto keys = ring(talk, Given::kLog);
  std::vector<Flight> twice;
  for (const auto& datagram : talk.flights) { twice.insert(twice.end(), 2, datagram); }
  expect_whole(hear(twice, keys), "each at once again");
  auto again = talk.flights;
  again.insert(again.end(), talk.flights.begin(), talk.flights.end());
  expect_whole(hear(again, keys), "all again");
}

TEST(DtlsOpening, ReadsWhatComesInAnotherOrder) {
  const auto talk =
      testing::talk_in_datagrams(about(DTLS1_2_VERSION, "ECDHE-RSA-CHACHA20-POLY1305"));
  const auto keys = ring(talk, Given::kLog);
  for (std::size_t at = 0; at + 1 < talk.flights.size(); ++at) {
    auto swapped = talk.flights;
    std::swap(swapped[at], swapped[at + 1]);
    const auto heard = hear(swapped, keys);
    const auto where = "at " + std::to_string(at);
    expect_nothing_wrong(heard, where);
    EXPECT_EQ(heard.all().size(), kTexts.size()) << where;
  }
  auto turned = talk.flights;
  std::reverse(turned.end() - static_cast<std::ptrdiff_t>(kTexts.size()), turned.end());
  const auto heard = hear(turned, keys);
  EXPECT_EQ(heard.all().size(), kTexts.size());
  EXPECT_THAT(heard.texts[0], ElementsAre(kTexts[4], "-", kTexts[2], "-", kTexts[0]));
}

TEST(DtlsOpening, IsNotMisledByWhatOthersPutIn) {
  const auto talk = testing::talk_in_datagrams(about(DTLS1_2_VERSION, "AES128-GCM-SHA256"));
  const auto other = testing::talk_in_datagrams(about(DTLS1_2_VERSION, "AES128-GCM-SHA256"));
  const auto keys = ring(talk, Given::kBoth);
  // Every datagram of another connection between those of this one, once something was opened.
  std::vector<Flight> mixed;
  std::size_t put_in = 0;
  for (std::size_t at = 0; at < talk.flights.size(); ++at) {
    mixed.push_back(talk.flights[at]);
    if (at + kTexts.size() >= talk.flights.size()) {
      for (std::size_t more = 0; more < 3 && put_in < other.flights.size(); ++more) {
        mixed.push_back(other.flights[put_in++]);
      }
    }
  }
  expect_whole(hear(mixed, keys), "mixed");
}

TEST(DtlsOpening, ShowsNothingWrongWhereBytesAreChanged) {
  auto settings = about(DTLS1_2_VERSION, "AES128-SHA256");
  for (const bool first : {true, false}) {
    settings.talk.encrypt_then_mac = first;
    const auto talk = testing::talk_in_datagrams(settings);
    const auto keys = ring(talk, Given::kBoth);
    for (std::size_t at = 0; at < talk.flights.size(); ++at) {
      const auto size = talk.flights[at].bytes.size();
      for (std::size_t byte = 0; byte<size; byte += size> 120 ? 17 : 1) {
        auto changed = talk.flights;
        changed[at].bytes[byte] ^= std::byte{0x21};
        expect_nothing_wrong(hear(changed, keys), std::to_string(at));
        auto cut = talk.flights;
        cut[at].bytes.resize(byte);
        expect_nothing_wrong(hear(cut, keys), std::to_string(at));
      }
    }
  }
}

TEST(DtlsOpening, DoesNotFollowASecondHandshake) {
  auto settings = about(DTLS1_2_VERSION, "ECDHE-RSA-AES128-GCM-SHA256");
  settings.talk.renegotiate = true;
  const auto talk = testing::talk_in_datagrams(settings);
  const auto heard = hear(talk.flights, ring(talk, Given::kLog));
  EXPECT_THAT(heard.all(), ElementsAre(kTexts[0], kTexts[1]));
  EXPECT_EQ(std::ranges::count(heard.rules, "tls.decryption_lost"), 1);
}

TEST(DtlsOpening, SaysThatTheBeginningIsMissing) {
  auto settings = about(DTLS1_2_VERSION, "ECDHE-RSA-AES128-GCM-SHA256");
  settings.talk.texts.assign(DtlsDissector::kMaxNotOpened + 8, "text");
  auto talk = testing::talk_in_datagrams(settings);
  std::erase_if(talk.flights, [](const Flight& f) { return f.bytes[0] != std::byte{23}; });
  const auto heard = hear(talk.flights, ring(talk, Given::kLog));
  EXPECT_THAT(heard.rules, ElementsAre("tls.decryption_lost"));
}

}  // namespace
}  // namespace remora::tls
