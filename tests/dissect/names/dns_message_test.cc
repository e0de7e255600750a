#include "dissect/names/dns_message.h"

#include <gtest/gtest.h>

#include "tests/dissect/names/dns_bytes.h"
#include "tests/support/laws.h"

namespace remora::names {
namespace {

using testing::bytes;

TEST(DnsMessage, HasQuestionsAndRecords) {
  const auto message = to_dns_message(bytes(testing::kAnswer), Sections::kAll);
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->header.id, 0x1a2b);
  EXPECT_TRUE(message->header.is_positive_answer());
  EXPECT_FALSE(message->damaged);
  ASSERT_EQ(message->questions.size(), 1U);
  EXPECT_EQ(message->questions[0],
            (Question{.name = "rds01.corp.example", .type = RecordType::kA, .klass = 1}));
  ASSERT_EQ(message->answers.size(), 1U);
  EXPECT_EQ(message->answers[0].owner, "rds01.corp.example");
  EXPECT_EQ(message->answers[0].ttl.count(), 300);
  EXPECT_EQ(message->answers[0].address, IpAddress::parse("198.51.100.20"));
}

TEST(DnsMessage, IsNoPositiveAnswerWhenItAsksRefusesOrUpdates) {
  for (const auto* flags : {"0100", "8183", "a980"}) {
    const auto message =
        to_dns_message(bytes(testing::header(flags, "0000") + testing::kAsksForA), Sections::kAll);
    ASSERT_TRUE(message.has_value());
    EXPECT_FALSE(message->header.is_positive_answer()) << flags;
  }
}

TEST(DnsMessage, KeepsTheRecordsBeforeDamage) {
  const auto message =
      to_dns_message(bytes(testing::header("8180", "0002") + testing::kAsksForA +
                           "c00c 0001 0001 0000012c 0004 c6336414"
                           "c00c 0001 0001 0000012c 0004 c633"),  // cut by a snap length
                     Sections::kAll);
  ASSERT_TRUE(message.has_value());
  EXPECT_TRUE(message->damaged);
  EXPECT_EQ(message->answers.size(), 1U);
}

TEST(DnsMessage, IsNoneWhenItsQuestionsCannotBeRead) {
  EXPECT_FALSE(to_dns_message(bytes(testing::header("8180", "0000") + "05 7264"), Sections::kAll));
  EXPECT_FALSE(to_dns_message(bytes("1a2b 8180 0011 0000 0000 0000 00"), Sections::kAll))
      << "17 questions";
}

TEST(DnsMessage, CountsATimeToLiveBeyond31BitsAsZero) {
  const auto message = to_dns_message(bytes(testing::header("8180", "0001") + testing::kAsksForA +
                                            "c00c 0001 0001 80000001 0004 c6336414"),
                                      Sections::kAll);
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->answers[0].ttl.count(), 0);
}

TEST(DnsMessage, HasNoAddressWhereTheSizeIsWrong) {
  const auto message = to_dns_message(bytes(testing::header("8180", "0001") + testing::kAsksForA +
                                            "c00c 0001 0001 0000012c 0005 c633641400"),
                                      Sections::kAll);
  ASSERT_TRUE(message.has_value());
  EXPECT_FALSE(message->damaged);
  EXPECT_EQ(message->answers[0].address, std::nullopt);
}

TEST(DnsMessage, ReadsAtMost64Records) {
  std::string text = testing::header("8180", "0050") + testing::kAsksForA;
  for (int i = 0; i < 80; ++i) { text += "c00c 0001 0001 0000012c 0004 c6336414"; }
  const auto message = to_dns_message(bytes(text), Sections::kAll);
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->answers.size(), 64U);
}

TEST(DnsMessage, ObeysTheLawsOfReaders) {
  const auto good = bytes(testing::kAnswer);
  remora::testing::expect_reader_laws(
      good, [&](Cursor& in) { return read_dns_message(in, good, Sections::kAll); });
  remora::testing::expect_reader_laws(good, read_dns_header);
}

}  // namespace
}  // namespace remora::names
