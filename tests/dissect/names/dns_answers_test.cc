#include "dissect/names/dns_answers.h"

#include <gtest/gtest.h>

#include "tests/dissect/names/dns_bytes.h"
#include "tests/dissect/names/told.h"

namespace remora::names {
namespace {

using testing::bytes;
using testing::Words;

Words names_in(const std::string& message) {
  Words words;
  for (const auto& name : to_names(to_dns_message(bytes(message), Sections::kAnswers).value())) {
    words.push_back(testing::to_text(name));
  }
  return words;
}

const std::string kRdsA = "c00c 0001 0001 0000012c 0004 c6336414";

TEST(DnsAnswers, NameTheAddressAskedFor) {
  EXPECT_EQ(names_in(testing::kAnswer), Words{"198.51.100.20 is rds01.corp.example for 300"});
}

TEST(DnsAnswers, FollowAliasesInAnyOrderAndTakeTheShortestTime) {
  const std::string farm = "04 6661726d c012";  // farm.corp.example
  const std::string address = farm + "0001 0001 0000003c 0004 c6336414";
  const std::string alias = "c00c 0005 0001 00000e10 0007" + farm;
  for (const auto& records : {alias + address, address + alias}) {
    EXPECT_EQ(names_in(testing::header("8180", "0002") + testing::kAsksForA + records),
              (Words{"198.51.100.20 is rds01.corp.example for 60",
                     "198.51.100.20 is farm.corp.example for 60"}));
  }
}

TEST(DnsAnswers, IgnoreRecordsThatAreNotOnTheWay) {
  const std::string other = "04 6576696c c012 0001 0001 0000012c 0004 c6336463";  // evil.corp.…
  EXPECT_EQ(names_in(testing::header("8180", "0002") + testing::kAsksForA + other + kRdsA),
            Words{"198.51.100.20 is rds01.corp.example for 300"});
}

TEST(DnsAnswers, IgnoreOtherTypesAndClasses) {
  EXPECT_EQ(names_in(testing::header("8180", "0002") + testing::kAsksForA +
                     "c00c 001c 0001 0000012c 0010 20010db8000000000000000000000014"
                     "c00c 0001 0003 0000012c 0004 c6336414"),
            Words{});
}

TEST(DnsAnswers, AreNotFoundInALoopOfAliases) {
  EXPECT_EQ(names_in(testing::header("8180", "0002") + testing::kAsksForA +
                     "c00c 0005 0001 0000012c 0002 c00c" + kRdsA),
            Words{});
}

TEST(DnsAnswers, AreNoneForAddressesOfNobody) {
  EXPECT_EQ(names_in(testing::header("8180", "0002") + testing::kAsksForA +
                     "c00c 0001 0001 0000012c 0004 00000000"
                     "c00c 0001 0001 0000012c 0004 7f000001"),
            Words{});
}

TEST(DnsAnswers, AreNoneInARefusal) {
  EXPECT_EQ(names_in(testing::header("8183", "0001") + testing::kAsksForA + kRdsA), Words{});
}

TEST(DnsAnswers, NameAnAddressByItsPointer) {
  EXPECT_EQ(names_in(testing::header("8180", "0001") +
                     "02 3230 03 313030 02 3531 03 313938 07 696e2d61646472 04 61727061 00"
                     "000c 0001"
                     "c00c 000c 0001 0000012c 0007 05 7264733031 00"),
            Words{"198.51.100.20 is rds01 for 300"});
}

TEST(DnsAnswers, ReadReverseNames) {
  EXPECT_EQ(to_reverse_address("20.100.51.198.in-addr.ARPA"), IpAddress::parse("198.51.100.20"));
  EXPECT_EQ(to_reverse_address(
                "4.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"),
            IpAddress::parse("2001:db8::14"));
  for (const auto* bad :
       {"", "arpa", "in-addr.arpa", "100.51.198.in-addr.arpa", "1.20.100.51.198.in-addr.arpa",
        "256.100.51.198.in-addr.arpa", "x.100.51.198.in-addr.arpa", "20.100.51.198.in-addr.com",
        "0/25.100.51.198.in-addr.arpa", "4.1.ip6.arpa", "0020.100.51.198.in-addr.arpa"}) {
    EXPECT_EQ(to_reverse_address(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace remora::names
