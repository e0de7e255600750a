// A key log that is written while the connection is: the secrets come before, during and after the
// handshake, line by line, or never.

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/conversation/conversation.h"
#include "dissect/tls/family.h"
#include "tests/dissect/tls/openssl_talk.h"
#include "tests/support/finding_equality.h"

namespace remora::tls {
namespace {

using testing::kClient;
using testing::TalkSettings;

/// Tells what it was passed on, so that findings show it.
class Keeper final : public Dissector {
 public:
  std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override {
    out.observe(at, from, "kept",
                observation::Anomaly{.code = "kept", .detail = std::string{as_text(bytes)}});
    return bytes.size();
  }
  void on_gap(Side from, std::uint64_t /*size*/, Instant at, Findings& out) override {
    out.observe(at, from, "kept", observation::Anomaly{.code = "gap", .detail = ""});
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

struct Suite {
  int version;
  const char* name;
};
constexpr std::array kSuites{
    Suite{TLS1_VERSION, "AES128-SHA"},
    Suite{TLS1_2_VERSION, "AES128-SHA"},
    Suite{TLS1_2_VERSION, "ECDHE-RSA-AES256-GCM-SHA384"},
    Suite{TLS1_2_VERSION, "ECDHE-RSA-CHACHA20-POLY1305"},
    Suite{TLS1_3_VERSION, "TLS_AES_128_GCM_SHA256"},
    Suite{TLS1_3_VERSION, "TLS_CHACHA20_POLY1305_SHA256"},
};

testing::Talk talk_in(const Suite& suite) {
  TalkSettings settings{
      .version = suite.version,
      .texts = {"from the client", "from the server", std::string(20'000, 'c'),
                std::string(33'000, 's'), "last of the client", "last of the server"}};
  (suite.version == TLS1_3_VERSION ? settings.suites : settings.ciphers) = suite.name;
  return testing::talk(settings);
}

class Ear {
 public:
  enum class Reached : std::uint8_t { kByHandOver, kByContent };

  Ear(const Context& context, Reached how) : conversation{Families{kFamilies}, context} {
    if (how == Reached::kByHandOver) { conversation.begin(kProtocol, {}, kClient, found); }
  }
  void hear(const testing::Flight& flight) {
    ++flights_;
    conversation.on_bytes(
        flight.from, flight.bytes,
        {.time = Moment{std::chrono::milliseconds{flights_}}, .frame = FrameNumber{flights_}},
        found);
  }
  [[nodiscard]] std::string kept() const {
    std::string text;
    for (const auto& finding : found) {
      const auto* told = std::get_if<observation::Anomaly>(&finding.what);
      if (told != nullptr && told->code == "kept") { text += told->detail; }
    }
    return text;
  }

  Conversation conversation;
  std::vector<Finding> found;

 private:
  std::uint64_t flights_{0};
};

std::vector<Finding> heard(const testing::Talk& talk, const Context& context, Ear::Reached how) {
  Ear ear{context, how};
  for (const auto& flight : talk.flights) { ear.hear(flight); }
  return ear.found;
}

class GrowingLog : public ::testing::TestWithParam<Ear::Reached> {};

TEST_P(GrowingLog, TellsTheSameWheneverTheSecretsCome) {
  for (const auto& suite : kSuites) {
    const auto talk = talk_in(suite);
    ASSERT_TRUE(talk.good) << suite.name;
    Context complete;
    complete.keys.tls().add_key_log(talk.key_log);
    const auto expected = heard(talk, complete, GetParam());
    for (std::size_t late = 0; late <= talk.flights.size(); ++late) {
      Context context;
      context.keys.tls().expect_more();
      Ear ear{context, GetParam()};
      for (std::size_t at = 0; at <= talk.flights.size(); ++at) {
        if (at == late) {
          context.keys.tls().add_key_log(talk.key_log);
          ear.conversation.on_keys(ear.found);
          EXPECT_FALSE(ear.conversation.held().waits);
        }
        if (at < talk.flights.size()) { ear.hear(talk.flights[at]); }
      }
      EXPECT_TRUE(ear.found == expected) << suite.name << " after " << late << " flights";
      EXPECT_GT(ear.kept().size(), 53'000U) << suite.name;
    }
  }
}

TEST_P(GrowingLog, TellsTheSameWhereItIsReadBetweenTwoLines) {
  for (const auto& suite : kSuites) {
    const auto talk = talk_in(suite);
    Context complete;
    complete.keys.tls().add_key_log(talk.key_log);
    Context context;
    context.keys.tls().expect_more();
    Ear ear{context, GetParam()};
    for (const auto& flight : talk.flights) { ear.hear(flight); }
    EXPECT_EQ(ear.kept(), "");
    EXPECT_TRUE(ear.conversation.held().waits);
    for (std::size_t at = 0; at < talk.key_log.size();) {
      const auto end = talk.key_log.find('\n', at) + 1;
      context.keys.tls().add_key_log(talk.key_log.substr(at, end - at));
      ear.conversation.on_keys(ear.found);
      at = end;
    }
    EXPECT_TRUE(ear.found == heard(talk, complete, GetParam())) << suite.name;
  }
}

TEST_P(GrowingLog, WithoutASecretAllIsToldAsOfALogThatDoesNotGrow) {
  for (const auto& suite : kSuites) {
    const auto talk = talk_in(suite);
    const auto other = talk_in(suite);
    Context still;
    still.keys.tls().add_key_log(other.key_log);
    Context growing;
    growing.keys.tls().add_key_log(other.key_log);
    growing.keys.tls().expect_more();
    Ear ear{growing, GetParam()};
    for (const auto& flight : talk.flights) { ear.hear(flight); }
    ear.conversation.stop_waiting(ear.found);
    EXPECT_TRUE(ear.found == heard(talk, still, GetParam())) << suite.name;
    EXPECT_EQ(ear.conversation.wants_more(), GetParam() == Ear::Reached::kByHandOver);
    // Too late.
    growing.keys.tls().add_key_log(talk.key_log);
    ear.conversation.on_keys(ear.found);
    EXPECT_EQ(ear.kept(), "");
  }
}

INSTANTIATE_TEST_SUITE_P(Reached, GrowingLog,
                         ::testing::Values(Ear::Reached::kByHandOver, Ear::Reached::kByContent));

}  // namespace
}  // namespace remora::tls
