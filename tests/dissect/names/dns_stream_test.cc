#include "dissect/names/dns_stream.h"

#include <array>
#include <string>

#include "dissect/conversation/conversation.h"
#include "dissect/names/family.h"
#include "tests/dissect/names/dns_bytes.h"
#include "tests/dissect/names/told.h"

namespace remora::names {
namespace {

using testing::bytes;
using testing::Words;

constexpr auto kClient = Side::kInitiator;
constexpr auto kServer = Side::kAcceptor;

/// Behind its length, RFC 1035 4.2.2.
std::vector<std::byte> framed(const std::string& message) {
  auto out = bytes(message);
  const auto size = out.size();
  out.insert(out.begin(), {static_cast<std::byte>(size >> 8U), static_cast<std::byte>(size)});
  return out;
}

const auto kQuery = framed(testing::kQuery);
const auto kAnswer = framed(testing::kAnswer);
const std::string kTold = "dns.answer: 198.51.100.20 is rds01.corp.example for 300 to receiver";

Families families() {
  static const std::array list{dns_family()};
  return list;
}

struct Talk {
  Conversation conversation{families()};
  std::vector<Finding> found{};

  void send(Side from, ByteView sent) { conversation.on_bytes(from, sent, {}, found); }
  [[nodiscard]] Words words() const {
    Words out;
    for (const auto& finding : found) { out.push_back(testing::to_text(finding)); }
    return out;
  }
};

TEST(DnsStream, TellsTheSameHoweverTheStreamIsCut) {
  for (std::size_t cut = 0; cut <= kQuery.size(); ++cut) {
    for (std::size_t other = 0; other <= kAnswer.size(); ++other) {
      Talk talk;
      talk.send(kClient, ByteView{kQuery}.first(cut));
      talk.send(kClient, ByteView{kQuery}.subspan(cut));
      talk.send(kServer, ByteView{kAnswer}.first(other));
      talk.send(kServer, ByteView{kAnswer}.subspan(other));
      ASSERT_EQ(talk.words(), Words{kTold}) << cut << " " << other;
    }
  }
}

TEST(DnsStream, TellsOnlyAnswersToQuestionsThatWereSeen) {
  Talk talk;
  talk.send(kClient, kQuery);
  auto other_id = kAnswer;
  other_id[2] ^= std::byte{1};
  talk.send(kServer, other_id);
  auto other_name = kAnswer;
  other_name[15] ^= std::byte{1};
  talk.send(kServer, other_name);
  EXPECT_EQ(talk.words(), Words{});
  talk.send(kServer, kAnswer);
  talk.send(kServer, kAnswer);
  EXPECT_EQ(talk.words(), Words{kTold}) << "once";
}

TEST(DnsStream, DoesNotTakeAnAnswerFromWhoAsked) {
  Talk talk;
  talk.send(kClient, kQuery);
  talk.send(kClient, kAnswer);
  EXPECT_EQ(talk.words(), Words{});
}

TEST(DnsStream, LeavesAtDamage) {
  Talk talk;
  talk.send(kClient, kQuery);
  talk.send(kServer, bytes("0003 000000"));
  EXPECT_FALSE(talk.conversation.wants_more());
  EXPECT_EQ(talk.conversation.recognition(), Recognition::kNothing);
  EXPECT_TRUE(talk.found.empty());
}

TEST(DnsStream, LeavesBehindAHole) {
  Talk talk;
  talk.send(kClient, kQuery);
  talk.conversation.on_gap(kServer, 10, {}, talk.found);
  talk.send(kServer, kAnswer);
  EXPECT_FALSE(talk.conversation.wants_more());
  EXPECT_TRUE(talk.found.empty());
}

TEST(DnsStream, LeavesAfter64Messages) {
  Talk talk;
  for (int i = 0; i < 63; ++i) { talk.send(kClient, kQuery); }
  EXPECT_TRUE(talk.conversation.wants_more());
  talk.send(kServer, kAnswer);
  EXPECT_FALSE(talk.conversation.wants_more());
  EXPECT_EQ(talk.words(), Words{kTold});
}

TEST(DnsStream, IsRecognisedByAStubsQuestionAlone) {
  EXPECT_EQ(recognise_dns_stream(kQuery), Verdict::kYes);
  EXPECT_EQ(recognise_dns_stream(framed(testing::header("0120", "0000", "0001") +
                                        testing::kAsksForA + "00 0029 1000 00000000 0000")),
            Verdict::kYes)
      << "with an OPT record";
  for (std::size_t size = 0; size < kQuery.size(); ++size) {
    EXPECT_EQ(recognise_dns_stream(ByteView{kQuery}.first(size)), Verdict::kMore) << size;
  }
}

TEST(DnsStream, IsNothingElse) {
  EXPECT_EQ(recognise_dns_stream(kAnswer), Verdict::kNo);
  EXPECT_EQ(recognise_dns_stream(framed(testing::header("0000", "0000") + testing::kAsksForA)),
            Verdict::kNo)
      << "a resolver of its own, or LLMNR";
  EXPECT_EQ(recognise_dns_stream(framed(testing::kQuery + "00")), Verdict::kNo) << "a byte behind";
  EXPECT_EQ(recognise_dns_stream(
                framed(testing::header("0100", "0000") + testing::kQuestionName + "00fc 0001")),
            Verdict::kNo)
      << "a zone transfer";
  EXPECT_EQ(recognise_dns_stream(
                framed(testing::header("0100", "0000") + testing::kQuestionName + "0001 0003")),
            Verdict::kNo)
      << "Chaos";
  for (const auto* other :
       {"0300002a25e00000000000436f6f6b69653a20", "1603010200010001fc0303", "0000000000000000",
        "474554202f20485454502f312e310d0a", "5353482d322e302d"}) {
    EXPECT_EQ(recognise_dns_stream(remora::testing::hex(other)), Verdict::kNo) << other;
  }
}

TEST(DnsStream, DoesNoHarmWhenDamaged) {
  const auto send = [](const std::vector<std::byte>& answer) {
    Talk talk;
    talk.send(kClient, kQuery);
    talk.send(kServer, answer);
  };
  remora::testing::for_every_truncation(kAnswer, send);
  remora::testing::for_every_changed_byte(kAnswer, send);
  remora::testing::for_every_changed_byte(
      kQuery, [](const std::vector<std::byte>& query) { (void)recognise_dns_stream(query); });
}

}  // namespace
}  // namespace remora::names
