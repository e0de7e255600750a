#include "dissect/tls/decryption.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/conversation/conversation.h"
#include "dissect/tls/family.h"
#include "tests/dissect/tls/openssl_talk.h"

// What OpenSSL sealed, with the secrets that OpenSSL gives away: nothing here was made by the code
// that it tests.

namespace remora::tls {
namespace {

using testing::kClient;
using testing::kServer;
using testing::TalkSettings;

/// What came out of the connection.
struct Carried {
  std::array<std::string, 2> texts;
  std::array<std::uint64_t, 2> gaps{};
  bool all_decrypted{true};
};
Carried* carried = nullptr;

/// Whatever TLS carries, kept for the test.
class Keeper final : public Dissector {
 public:
  std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override {
    carried->texts.at(index_of(from)) += as_text(bytes);
    carried->all_decrypted &= out.certainty() == Certainty::kDecrypted;
    out.observe(at, from, "test", observation::ChatSeen{});
    return bytes.size();
  }
  void on_gap(Side from, std::uint64_t /*size*/, Instant /*at*/, Findings& /*out*/) override {
    ++carried->gaps.at(index_of(from));
  }
};

const std::array kFamilies{
    Family{
        .protocol = {"keeper"},
        .recognise =
            [](ByteView first) { return to_u8(first[0]) == 0x16 ? Verdict::kNo : Verdict::kYes; },
        .make = [](const Context&) -> std::unique_ptr<Dissector> {
          return std::make_unique<Keeper>();
        }},
    family(), opened_family()};

class Ear {
 public:
  explicit Ear(const Context& context, bool by_hand_over = true)
      : conversation_{Families{kFamilies}, context} {
    carried = &carried_;
    if (by_hand_over) { conversation_.begin(kProtocol, {}, kClient, found_); }
  }
  void hear(Side from, ByteView bytes) { conversation_.on_bytes(from, bytes, {}, found_); }
  void miss(Side from, std::size_t size) { conversation_.on_gap(from, size, {}, found_); }
  void hear(const std::vector<testing::Flight>& flights) {
    for (const auto& flight : flights) { hear(flight.from, flight.bytes); }
  }
  [[nodiscard]] std::size_t count(std::string_view anomaly) const {
    return static_cast<std::size_t>(std::ranges::count_if(found_, [&](const Finding& finding) {
      const auto* told = std::get_if<observation::Anomaly>(&finding.what);
      return told != nullptr && told->code == anomaly;
    }));
  }
  template <typename What>
  [[nodiscard]] std::vector<Certainty> certainties() const {
    std::vector<Certainty> all;
    for (const auto& finding : found_) {
      if (std::holds_alternative<What>(finding.what)) { all.push_back(finding.certainty); }
    }
    return all;
  }
  [[nodiscard]] bool wants_more() const { return conversation_.wants_more(); }
  [[nodiscard]] const Carried& what() const { return carried_; }

 private:
  Carried carried_;
  std::vector<Finding> found_;
  Conversation conversation_;
};

const std::vector<std::string> kTexts{"from the client",        "from the server",
                                      std::string(20'000, 'c'), std::string(33'000, 's'),
                                      "last of the client",     "last of the server"};
const std::string kFromClient = kTexts[0] + kTexts[2] + kTexts[4];
const std::string kFromServer = kTexts[1] + kTexts[3] + kTexts[5];

Context with_log(const std::string& log) {
  Context context;
  context.keys.tls().add_key_log(log);
  return context;
}

Context with_server_key(const std::string& pem) {
  Context context;
  auto read = keys::read_rsa_key(as_bytes(pem), {});
  if (read.key.has_value()) { context.keys.add_rsa_key(std::move(*read.key)); }
  return context;
}

struct Suite {
  int version;
  const char* name;
};

const std::vector<Suite> kSuites{
    {TLS1_VERSION, "AES128-SHA"},
    {TLS1_VERSION, "ECDHE-RSA-AES256-SHA"},
    {TLS1_1_VERSION, "AES256-SHA"},
    {TLS1_1_VERSION, "DHE-RSA-AES128-SHA"},
    {TLS1_2_VERSION, "AES128-SHA"},
    {TLS1_2_VERSION, "AES256-SHA256"},
    {TLS1_2_VERSION, "AES128-GCM-SHA256"},
    {TLS1_2_VERSION, "AES256-GCM-SHA384"},
    {TLS1_2_VERSION, "ECDHE-RSA-AES128-SHA256"},
    {TLS1_2_VERSION, "ECDHE-RSA-AES256-SHA384"},
    {TLS1_2_VERSION, "ECDHE-RSA-AES128-GCM-SHA256"},
    {TLS1_2_VERSION, "ECDHE-RSA-AES256-GCM-SHA384"},
    {TLS1_2_VERSION, "ECDHE-RSA-CHACHA20-POLY1305"},
    {TLS1_2_VERSION, "AES128-CCM"},
    {TLS1_2_VERSION, "AES256-CCM8"},
    {TLS1_2_VERSION, "CAMELLIA128-SHA256"},
    {TLS1_3_VERSION, "TLS_AES_128_GCM_SHA256"},
    {TLS1_3_VERSION, "TLS_AES_256_GCM_SHA384"},
    {TLS1_3_VERSION, "TLS_CHACHA20_POLY1305_SHA256"},
    {TLS1_3_VERSION, "TLS_AES_128_CCM_SHA256"},
    {TLS1_3_VERSION, "TLS_AES_128_CCM_8_SHA256"},
};

TalkSettings settings_for(const Suite& suite) {
  TalkSettings settings{.version = suite.version, .texts = kTexts};
  (suite.version == TLS1_3_VERSION ? settings.suites : settings.ciphers) = suite.name;
  return settings;
}

TEST(Decryption, OpensEverySuiteWithAKeyLog) {
  for (const auto& suite : kSuites) {
    for (const bool encrypt_then_mac : {true, false}) {
      auto settings = settings_for(suite);
      settings.encrypt_then_mac = encrypt_then_mac;
      const auto talk = testing::talk(settings);
      ASSERT_TRUE(talk.good) << suite.name;
      const auto context = with_log(talk.key_log);
      Ear ear{context};
      ear.hear(talk.flights);
      EXPECT_TRUE(ear.what().texts[0] == kFromClient) << ear.what().texts[0].size() << suite.name;
      EXPECT_TRUE(ear.what().texts[1] == kFromServer) << ear.what().texts[1].size() << suite.name;
      EXPECT_TRUE(ear.what().all_decrypted);
      EXPECT_EQ(ear.certainties<observation::ChatSeen>().front(), Certainty::kDecrypted);
      EXPECT_TRUE(ear.certainties<observation::SealedRecord>().empty()) << suite.name;
    }
  }
}

TEST(Decryption, OpensRsaKeyExchangeWithTheServersKey) {
  for (const auto& suite : kSuites) {
    if (suite.version == TLS1_3_VERSION || std::string_view{suite.name}.find("DHE") == 0 ||
        std::string_view{suite.name}.find("ECDHE") == 0) {
      continue;
    }
    for (const bool extended : {true, false}) {
      auto settings = settings_for(suite);
      settings.extended_master_secret = extended;
      const auto talk = testing::talk(settings);
      ASSERT_TRUE(talk.good) << suite.name;
      const auto context = with_server_key(talk.server_key);
      ASSERT_TRUE(context.keys.has_rsa_keys());
      Ear ear{context};
      ear.hear(talk.flights);
      EXPECT_TRUE(ear.what().texts[0] == kFromClient)
          << ear.what().texts[0].size() << suite.name << extended;
      EXPECT_TRUE(ear.what().texts[1] == kFromServer)
          << ear.what().texts[1].size() << suite.name << extended;
    }
  }
}

TEST(Decryption, FollowsKeyUpdates) {
  auto settings = settings_for({TLS1_3_VERSION, "TLS_AES_256_GCM_SHA384"});
  settings.update_keys = true;
  const auto talk = testing::talk(settings);
  const auto context = with_log(talk.key_log);
  Ear ear{context};
  ear.hear(talk.flights);
  EXPECT_TRUE(ear.what().texts[0] == kFromClient) << ear.what().texts[0].size();
  EXPECT_TRUE(ear.what().texts[1] == kFromServer) << ear.what().texts[1].size();
}

TEST(Decryption, FollowsARenegotiation) {
  auto settings = settings_for({TLS1_2_VERSION, "AES128-GCM-SHA256"});
  settings.renegotiate = true;
  const auto talk = testing::talk(settings);
  for (const auto& context : {with_log(talk.key_log), with_server_key(talk.server_key)}) {
    Ear ear{context};
    ear.hear(talk.flights);
    EXPECT_TRUE(ear.what().texts[0] == kFromClient) << ear.what().texts[0].size();
    EXPECT_TRUE(ear.what().texts[1] == kFromServer) << ear.what().texts[1].size();
  }
}

TEST(Decryption, TellsTheHiddenCertificateOfTls13) {
  const auto talk = testing::talk(settings_for({TLS1_3_VERSION, "TLS_AES_128_GCM_SHA256"}));
  const auto context = with_log(talk.key_log);
  Ear ear{context};
  ear.hear(talk.flights);
  EXPECT_EQ(ear.certainties<observation::CertificateSeen>(), std::vector{Certainty::kDecrypted});
}

TEST(Decryption, OpensTls13WithoutTheSecretsOfTheHandshake) {
  const auto talk = testing::talk(settings_for({TLS1_3_VERSION, "TLS_AES_128_GCM_SHA256"}));
  std::string log;
  for (std::size_t at = 0; at < talk.key_log.size();) {
    const auto end = talk.key_log.find('\n', at) + 1;
    const auto line = talk.key_log.substr(at, end - at);
    if (line.find("HANDSHAKE") == std::string::npos) { log += line; }
    at = end;
  }
  const auto context = with_log(log);
  Ear ear{context};
  ear.hear(talk.flights);
  EXPECT_TRUE(ear.what().texts[0] == kFromClient) << ear.what().texts[0].size();
  EXPECT_TRUE(ear.what().texts[1] == kFromServer) << ear.what().texts[1].size();
}

TEST(Decryption, FindsTheSameHoweverTheStreamIsCut) {
  for (const auto& suite : {kSuites[5], kSuites[11], kSuites[17]}) {
    const auto talk = testing::talk(settings_for(suite));
    const auto context = with_log(talk.key_log);
    Ear ear{context};
    for (const auto& flight : talk.flights) {
      for (std::size_t at = 0; at < flight.bytes.size(); at += 7) {
        ear.hear(flight.from, ByteView{flight.bytes}.subspan(at).first(
                                  std::min<std::size_t>(7, flight.bytes.size() - at)));
      }
    }
    EXPECT_TRUE(ear.what().texts[0] == kFromClient) << ear.what().texts[0].size() << suite.name;
    EXPECT_TRUE(ear.what().texts[1] == kFromServer) << ear.what().texts[1].size() << suite.name;
  }
}

TEST(Decryption, SaysOnceThatNoKeyFits) {
  const auto ours = testing::talk(settings_for(kSuites[11]));
  const auto others = testing::talk(settings_for(kSuites[11]));
  const auto context = with_log(others.key_log);
  Ear ear{context};
  ear.hear(ours.flights);
  EXPECT_EQ(ear.count("keys.no_match"), 1U);
  EXPECT_TRUE(ear.what().texts[0].empty());
  EXPECT_FALSE(ear.certainties<observation::SealedRecord>().empty());  // read as encrypted
}

TEST(Decryption, SaysOnceThatASecretIsWrong) {
  auto talk = testing::talk(settings_for(kSuites[11]));
  for (auto& digit : talk.key_log) {
    if (digit == '\n') { break; }
  }
  const auto last = talk.key_log.rfind('\n') - 1;
  talk.key_log[last] = talk.key_log[last] == '0' ? '1' : '0';
  const auto context = with_log(talk.key_log);
  Ear ear{context};
  ear.hear(talk.flights);
  EXPECT_EQ(ear.count("keys.no_match"), 1U);
  EXPECT_TRUE(ear.what().texts[0].empty() && ear.what().texts[1].empty());
}

TEST(Decryption, LeavesAStrangersStreamAloneWithoutAKeyForIt) {
  const auto ours = testing::talk(settings_for(kSuites[11]));
  const auto others = testing::talk(settings_for(kSuites[11]));
  const auto context = with_log(others.key_log);
  Ear ear{context, false};
  ear.hear(ours.flights);
  EXPECT_FALSE(ear.wants_more());
  EXPECT_EQ(ear.count("keys.no_match"), 0U);

  const auto fitting = with_log(ours.key_log);
  Ear opened{fitting, false};
  opened.hear(ours.flights);
  EXPECT_TRUE(opened.what().texts[1] == kFromServer);
}

TEST(Decryption, LeavesAStreamInWhichNobodyReadsAnything) {
  auto settings = settings_for(kSuites[11]);
  settings.texts.front() = "\x16";  // which the keeper does not want, as the next
  settings.texts[1] = "\x16";
  const auto talk = testing::talk(settings);
  const auto context = with_log(talk.key_log);
  Ear ear{context, false};
  ear.hear(talk.flights);
  EXPECT_FALSE(ear.wants_more());
  EXPECT_TRUE(ear.what().texts[0].empty());
}

TEST(Decryption, OpensAFewPremasterSecretsOfAConnectionAtMost) {
  const auto talk = testing::talk(settings_for({TLS1_2_VERSION, "AES128-SHA"}));
  const auto context = with_server_key(talk.server_key);
  Decryption decryption{context.keys};
  ServerHello hello;
  hello.selected_version = kTls12;
  hello.cipher_suite = 0x002f;
  decryption.on_client_hello(kClient, {});
  decryption.on_server_hello(hello);
  decryption.on_client_key_exchange(as_bytes(std::string(300, 'x')));
  EXPECT_EQ(decryption.prospect(), Decryption::Prospect::kOpen) << "there was no certificate yet";
  decryption.on_change_cipher_spec(kClient);
  EXPECT_EQ(decryption.prospect(), Decryption::Prospect::kNone) << "there was no secret";
}

/// True where `part` can be had from `whole` by leaving things out: nothing wrong, nothing twice.
bool is_left_of(std::string_view part, std::string_view whole) {
  std::size_t at = 0;
  for (const char c : part) {
    at = whole.find(c, at);
    if (at == std::string_view::npos) { return false; }
    ++at;
  }
  return true;
}

/// Texts in which every stretch is different, so that what is wrong cannot pass for right.
std::vector<std::string> numbered_texts() {
  std::vector<std::string> texts;
  for (int number = 0; number < 60; ++number) {
    std::string text;
    for (int word = 0; word < 40; ++word) {
      text += std::to_string(number) + '.' + std::to_string(word) + ' ';
    }
    texts.push_back(std::move(text));
  }
  return texts;
}

TEST(Decryption, ResumesAfterALossOrSaysThatItStops) {
  for (const auto& suite :
       {Suite{TLS1_2_VERSION, "ECDHE-RSA-AES256-GCM-SHA384"},
        Suite{TLS1_2_VERSION, "ECDHE-RSA-CHACHA20-POLY1305"}, Suite{TLS1_2_VERSION, "AES128-SHA"},
        Suite{TLS1_VERSION, "AES128-SHA"}, Suite{TLS1_3_VERSION, "TLS_AES_128_GCM_SHA256"}}) {
    auto settings = settings_for(suite);
    settings.texts = numbered_texts();
    std::string from_server;
    for (std::size_t at = 1; at < settings.texts.size(); at += 2) {
      from_server += settings.texts[at];
    }
    const auto talk = testing::talk(settings);
    const auto context = with_log(talk.key_log);
    std::size_t resumed = 0;
    // A loss in each of the server's later flights, at places that move through the record.
    for (std::size_t lost = 1; lost <= 100; ++lost) {
      Ear ear{context};
      std::size_t flights_of_server = 0;
      for (const auto& flight : talk.flights) {
        const bool here = flight.from == kServer && ++flights_of_server == 6 + lost % 20;
        if (!here) {
          ear.hear(flight.from, flight.bytes);
          continue;
        }
        const auto start = lost * 13 % flight.bytes.size();
        const auto size = std::min<std::size_t>(1 + lost * 7, flight.bytes.size() - start);
        ear.hear(flight.from, ByteView{flight.bytes}.first(start));
        ear.miss(flight.from, size);
        ear.hear(flight.from, ByteView{flight.bytes}.subspan(start + size));
      }
      const auto& text = ear.what().texts[1];
      EXPECT_LT(text.size(), from_server.size()) << suite.name;
      EXPECT_TRUE(is_left_of(text, from_server)) << suite.name << " loss " << lost;
      const bool to_the_end = text.ends_with(settings.texts.back());
      if (to_the_end) { ++resumed; }
      EXPECT_TRUE(to_the_end || ear.count("tls.decryption_lost") == 1) << suite.name << lost;
      EXPECT_GT(ear.what().gaps[1], 0U);
    }
    EXPECT_EQ(resumed, suite.version == TLS1_VERSION ? 0U : 100U) << suite.name;
  }
}

}  // namespace
}  // namespace remora::tls
