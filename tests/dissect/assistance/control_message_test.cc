#include "dissect/assistance/control_message.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "dissect/encoding/digest.h"
#include "tests/dissect/assistance/messages.h"
#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::assistance {
namespace {

using observation::AssistanceMessage;
using testing::hex;
using testing::u32;
using testing::operator+;
using testing::utf16;
using testing::utf16z;
using Kind = AssistanceMessage::Kind;

AssistanceMessage read(const testing::Bytes& bytes) {
  const auto message = decode(bytes, read_control_message);
  EXPECT_TRUE(message.has_value());
  return message.value_or(AssistanceMessage{});
}

TEST(ControlMessage, ReadsAResult) {
  const auto message = read(hex("02000000 29000000"));
  EXPECT_EQ(message.kind, Kind::kResult);
  ASSERT_TRUE(message.result.has_value());
  EXPECT_EQ(message.result->code, 41U);
  EXPECT_EQ(message.result->name, "SAFERROR_HELPEESAIDNO");
}

TEST(ControlMessage, ReadsVersions) {
  const auto message = read(hex("06000000 01000000 02000000"));
  EXPECT_EQ(message.kind, Kind::kVersionInfo);
  EXPECT_EQ(message.major, 1U);
  EXPECT_EQ(message.minor, 2U);
}

TEST(ControlMessage, ReadsTheNameOfAnExpertWithoutItsProof) {
  const auto blob = utf16z("10;NAME=Alice69;PASS=" + std::string(64, 'A'));
  EXPECT_EQ(read(u32(8) + blob).name, "Alice");
  const auto message =
      read(u32(3) + utf16z("65538,1,192.0.2.10:3389,*,c2Vzc2lvbg==,*,*,cGFybXM=") + blob);
  EXPECT_EQ(message.kind, Kind::kAuthenticate);
  EXPECT_EQ(message.name, "Alice");
  EXPECT_EQ(message.session_id_digest, encoding::sha256(as_bytes("c2Vzc2lvbg==")));
}

TEST(ControlMessage, ReadsNamesWithTheirLengthAndWithout) {
  for (const auto kind : {10U, 11U}) {
    EXPECT_EQ(read(u32(kind) + u32(8) + utf16("Nora")).name, "Nora");
    EXPECT_EQ(read(u32(kind) + u32(8) + utf16z("Nora")).name, "Nora");
    EXPECT_EQ(read(u32(kind) + utf16z("Nora")).name, "Nora");
    EXPECT_EQ(read(u32(kind) + utf16("Nora")).name, "Nora");
    EXPECT_EQ(read(u32(kind)).name, "");
  }
}

TEST(ControlMessage, KeepsNothingOfPasswordsAndTokens) {
  for (const auto kind : {9U, 12U}) {
    const auto message = read(u32(kind) + utf16z("K7P3ZQ2M9XTB"));
    EXPECT_EQ(message, AssistanceMessage{.kind = Kind{kind}});
  }
}

TEST(ControlMessage, ToleratesKindsThatItDoesNotKnow) {
  EXPECT_EQ(read(u32(99)).kind, Kind{99});
}

TEST(ControlMessage, HasARuleForEachKind) {
  std::set<std::string> rules;
  for (std::uint32_t kind = 1; kind <= 13; ++kind) { rules.insert(rule_of(Kind{kind})); }
  EXPECT_EQ(rules.size(), 13U);
}

TEST(ControlMessage, ObeysTheLaws) {
  testing::expect_reader_laws(hex("02000000 29000000"), read_control_message);
  testing::expect_reader_laws(hex("06000000 01000000 02000000"), read_control_message);
  testing::expect_reader_laws(u32(3) + utf16z("65538,1,a:1,*,x,*,*,y") + utf16z("6;NAME=A"),
                              read_control_message);
  testing::expect_reader_laws(u32(10) + u32(8) + utf16("Nora"), read_control_message);
}

}  // namespace
}  // namespace remora::assistance
