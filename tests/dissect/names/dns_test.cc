#include "dissect/names/dns.h"

#include <chrono>
#include <string>
#include <vector>

#include "dissect/names/asked.h"
#include "dissect/names/family.h"
#include "tests/dissect/names/dns_bytes.h"
#include "tests/dissect/names/told.h"

namespace remora::names {
namespace {

using testing::bytes;
using testing::told;
using testing::Words;

constexpr testing::Sent kFromServer{.source = "203.0.113.53",
                                    .source_port = 53,
                                    .destination = "192.0.2.10",
                                    .destination_port = 53124};

const testing::Sent kFromClient = testing::back(kFromServer);

/// `answer` after `question`.
Words told_of(const std::string& question, const std::string& answer) {
  return told(dns_family(), {{.sent = kFromClient, .bytes = bytes(question)},
                             {.sent = kFromServer, .bytes = bytes(answer)}});
}

const Words kTold{"dns.answer: 198.51.100.20 is rds01.corp.example for 300 to 192.0.2.10"};

TEST(DnsDatagram, TellsTheAnswerToWhoAsked) {
  EXPECT_EQ(told_of(testing::kQuery, testing::kAnswer), kTold);
}

TEST(DnsDatagram, TellsNothingUnasked) {
  EXPECT_EQ(told(dns_family(), kFromServer, bytes(testing::kAnswer)), Words{});
}

TEST(DnsDatagram, TellsNothingUnderAnotherId) {
  auto other = testing::kQuery;
  other.replace(0, 4, "1a2c");
  EXPECT_EQ(told_of(other, testing::kAnswer), Words{});
}

TEST(DnsDatagram, TellsNothingOfAnotherQuestion) {
  const auto header = testing::header("0100", "0000");
  EXPECT_EQ(told_of(header + "03777777 07 6578616d706c65 00 0001 0001", testing::kAnswer), Words{});
  EXPECT_EQ(told_of(header + testing::kQuestionName + "001c 0001", testing::kAnswer), Words{})
      << "of another type";
}

TEST(DnsDatagram, KnowsTheQuestionInOtherCase) {
  EXPECT_EQ(told_of(testing::header("0100", "0000") +
                        "05 5244533031 04 634f7250 07 6578616d706c45 00 0001 0001",
                    testing::kAnswer),
            kTold);
}

TEST(DnsDatagram, TellsNothingFromAnotherServer) {
  auto other = kFromClient;
  other.destination = "203.0.113.54";
  EXPECT_EQ(told(dns_family(), {{.sent = other, .bytes = bytes(testing::kQuery)},
                                {.sent = kFromServer, .bytes = bytes(testing::kAnswer)}}),
            Words{});
}

TEST(DnsDatagram, BelievesOneAnswerToAQuestion) {
  EXPECT_EQ(told(dns_family(), {{.sent = kFromClient, .bytes = bytes(testing::kQuery)},
                                {.sent = kFromServer, .bytes = bytes(testing::kAnswer)},
                                {.sent = kFromServer, .bytes = bytes(testing::kAnswer)}}),
            kTold);
}

TEST(DnsDatagram, BelievesNoAnswerThatComesTooLate) {
  const auto after = [](Nanoseconds wait) {
    return told(dns_family(),
                {{.sent = kFromClient, .bytes = bytes(testing::kQuery)},
                 {.sent = kFromServer, .bytes = bytes(testing::kAnswer), .when = wait}});
  };
  EXPECT_EQ(after(std::chrono::seconds{30}), kTold);
  EXPECT_EQ(after(std::chrono::seconds{31}), Words{});
}

TEST(DnsDatagram, TellsNothingThatIsNotAServers) {
  EXPECT_EQ(told(dns_family(), {{.sent = kFromServer, .bytes = bytes(testing::kQuery)},
                                {.sent = kFromClient, .bytes = bytes(testing::kAnswer)}}),
            Words{});
}

TEST(DnsDatagram, IgnoresWhatNobodyAskedForInTheAdditionalSection) {
  EXPECT_EQ(told_of(testing::kQuery, testing::header("8180", "0000", "0001") + testing::kAsksForA +
                                         "c00c 0001 0001 0000012c 0004 c6336414"),
            Words{});
}

TEST(DnsDatagram, IsBoundedInTheQuestionsThatWait) {
  std::vector<testing::Passing> passing;
  for (unsigned id = 0; id < 20'000; ++id) {
    auto question = bytes(testing::kQuery);
    question[0] = static_cast<std::byte>(id >> 8U);
    question[1] = static_cast<std::byte>(id);
    passing.push_back({.sent = kFromClient, .bytes = question, .when = Nanoseconds{id}});
  }
  const auto questions = passing;
  for (const auto& [sent, question, when] : questions) {
    auto answer = bytes(testing::kAnswer);
    answer[0] = question[0];
    answer[1] = question[1];
    passing.push_back({.sent = kFromServer, .bytes = answer});
  }
  const auto words = told(dns_family(), passing);
  EXPECT_GT(words.size(), Asked::kSets);
  EXPECT_LE(words.size(), Asked::kSets * Asked::kWays);
}

TEST(DnsDatagram, IsRecognisedByPortAndShape) {
  const auto answer = bytes(testing::kAnswer);
  EXPECT_TRUE(recognise_dns_datagram(to_datagram(kFromServer, answer)));
  EXPECT_TRUE(recognise_dns_datagram(to_datagram(kFromServer, bytes(testing::kQuery))));
  auto elsewhere = kFromServer;
  elsewhere.source_port = 5300;
  EXPECT_FALSE(recognise_dns_datagram(to_datagram(elsewhere, answer)));
  EXPECT_FALSE(recognise_dns_datagram(to_datagram(kFromServer, bytes("1a2b 8180 0001"))));
  EXPECT_FALSE(recognise_dns_datagram(
      to_datagram(kFromServer, bytes("1a2b 81c0 0001 0000 0000 0000 00 0001 0001"))))
      << "Z is set";
}

TEST(DnsDatagram, DoesNoHarmWhenDamaged) {
  testing::expect_harmless_when_damaged(dns_family(), kFromServer, bytes(testing::kAnswer));
  testing::expect_harmless_when_damaged(dns_family(), kFromClient, bytes(testing::kQuery));
}

}  // namespace
}  // namespace remora::names
