#include "dissect/conversation/conversation.h"

#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace remora {
namespace {

/// A toy protocol: "T" begins it; then length-prefixed words: one digit, that many letters. The
/// word "skip" passes over the next 5 bytes, "next" hands over to the upper-case dialect, "anew" to
/// any, "stop" ends the interest, "away" at once. What follows "<" in a word is carried: one stream
/// inside the other, with holes; what follows "[1", in the first of several.
class Words : public Dissector {
 public:
  explicit Words(bool shout) : shout_{shout} {}

  std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override {
    const auto text = as_text(bytes);
    if (text.front() == 'T') { return 1; }
    const auto size = static_cast<std::size_t>(text.front() - '0');
    if (size > 9) {
      out.give_up(at, from, "words.damage", {.field = "length", .offset = 0, .reason = "no digit"});
      return 0;
    }
    if (text.size() < 1 + size) { return 0; }
    const std::string word{text.substr(1, size)};
    out.observe(at, from, "words.word",
                observation::Anomaly{.code = shout_ ? "LOUD" : "quiet", .detail = word});
    if (word == "skip") { out.skip(5); }
    if (word == "next") { out.hand_over(Protocol{"loud"}); }
    if (word == "lost") { out.hand_over(Protocol{"nobody"}); }
    if (word == "stop") { out.finish(); }
    if (word == "anew") { out.hand_over_to_any(); }
    if (word == "away") { out.leave(); }
    if (word == "loud") { out.carry(Protocol{"loud"}); }
    if (word == "hole") { out.pass_on_gap(from, 2); }
    if (word.starts_with('<')) { out.pass_on(from, bytes.subspan(2, size - 1)); }
    if (word.starts_with('[')) {
      out.pass_on(from, bytes.subspan(3, size - 2), static_cast<std::uint64_t>(word[1] - '0'));
    }
    return 1 + size;
  }
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override {
    out.observe(at, from, "words.gap",
                observation::Anomaly{.code = "gap", .detail = std::to_string(size)});
    if (size == 7) { out.hand_over(Protocol{"loud"}); }
  }
  void on_end(Side from, Instant at, Findings& out) override {
    out.observe(at, from, "words.end", observation::Anomaly{.code = "end", .detail = ""});
  }

 private:
  bool shout_;
};

const std::array kFamilies{
    Family{.protocol = {"quiet"},
           .recognise =
               [](ByteView bytes) {
                 return as_text(bytes).starts_with("T1") ? Verdict::kYes
                        : as_text(bytes) == "T"          ? Verdict::kMore
                                                         : Verdict::kNo;
               },
           .make = [](const Context&) -> std::unique_ptr<Dissector> {
             return std::make_unique<Words>(false);
           }},
    Family{.protocol = {"loud"},
           .recognise = nullptr,
           .make = [](const Context&) -> std::unique_ptr<Dissector> {
             return std::make_unique<Words>(true);
           }},
};

/// "quiet:a quiet:b gap:3"
std::string told(const std::vector<Finding>& found) {
  std::string text;
  for (const auto& finding : found) {
    if (const auto* anomaly = std::get_if<observation::Anomaly>(&finding.what)) {
      text += anomaly->code + ':' + anomaly->detail + ' ';
    } else if (const auto* damage = std::get_if<observation::Damage>(&finding.what)) {
      text += "damage:" + damage->what + ' ';
    }
  }
  return text;
}

class Talk {
 public:
  Talk& say(std::string_view text, Side from = Side::kInitiator) {
    conversation_.on_bytes(from, as_bytes(text), {}, found_);
    return *this;
  }
  Talk& gap(std::uint64_t size, Side from = Side::kInitiator) {
    conversation_.on_gap(from, size, {}, found_);
    return *this;
  }
  Conversation conversation_{Families{kFamilies}};
  std::vector<Finding> found_;
};

TEST(Conversation, RecognisesByContentAndReadsPduAfterPdu) {
  Talk talk;
  talk.say("T1a2bc3def");
  EXPECT_EQ(talk.conversation_.recognition(), Recognition::kRecognised);
  EXPECT_EQ(told(talk.found_), "quiet:a quiet:bc quiet:def ");
}

TEST(Conversation, SaysNothingOfBytesThatNobodyRecognises) {
  Talk talk;
  talk.say("GET / HTTP/1.1");
  EXPECT_EQ(talk.conversation_.recognition(), Recognition::kNothing);
  EXPECT_FALSE(talk.conversation_.wants_more());
  EXPECT_TRUE(talk.found_.empty());
}

TEST(Conversation, FindsTheSameHoweverTheStreamIsCut) {
  const std::string stream = "T1a4skip.....2bc4next3def1g";
  Talk whole;
  whole.say(stream);
  ASSERT_EQ(told(whole.found_), "quiet:a quiet:skip quiet:bc quiet:next LOUD:def LOUD:g ");
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    Talk cut_in_two;
    cut_in_two.say(stream.substr(0, cut)).say(stream.substr(cut));
    EXPECT_EQ(told(cut_in_two.found_), told(whole.found_)) << "cut at " << cut;
  }
  Talk byte_by_byte;
  for (const char c : stream) { byte_by_byte.say(std::string(1, c)); }
  EXPECT_EQ(told(byte_by_byte.found_), told(whole.found_));
}

TEST(Conversation, KeepsTheSidesApart) {
  Talk talk;
  talk.say("T1a3d").say("2bc", Side::kAcceptor).say("ef");
  EXPECT_EQ(told(talk.found_), "quiet:a quiet:bc quiet:def ");
}

TEST(Conversation, GivesTheSuccessorWhatTheOtherSideHadAlreadySent) {
  Talk talk;
  talk.say("T1a").say("3de", Side::kAcceptor).say("4next").say("f", Side::kAcceptor);
  EXPECT_EQ(told(talk.found_), "quiet:a quiet:next LOUD:def ");
}

TEST(Conversation, DropsTheTailAtAGapAndTellsTheDissector) {
  Talk talk;
  talk.say("T1a5xx").gap(3).say("2bc");
  EXPECT_EQ(told(talk.found_), "quiet:a gap:3 quiet:bc ");
}

TEST(Conversation, DoesNotMindAGapInsideWhatIsPassedOver) {
  Talk talk;
  talk.say("T1a4skip..").gap(3).say("2bc");
  EXPECT_EQ(told(talk.found_), "quiet:a quiet:skip quiet:bc ");
}

TEST(Conversation, TellsOnlyThePartOfAGapThatMatters) {
  Talk talk;
  talk.say("T1a4skip..").gap(7).say("2bc");
  EXPECT_EQ(told(talk.found_), "quiet:a quiet:skip gap:4 quiet:bc ");
}

TEST(Conversation, StopsWhenTheDissectorHasLearnedEnough) {
  Talk talk;
  talk.say("T1a4stop2bc");
  EXPECT_FALSE(talk.conversation_.wants_more());
  EXPECT_EQ(talk.conversation_.tail_bytes(), 0U);
  EXPECT_EQ(told(talk.found_), "quiet:a quiet:stop ");
}

TEST(Conversation, TellsDamageAndStops) {
  Talk talk;
  talk.say("T1a?bc");
  EXPECT_EQ(told(talk.found_), "quiet:a damage:length at 0: no digit ");
  EXPECT_FALSE(talk.conversation_.wants_more());
}

TEST(Conversation, TellsAHandOverThatLeadsNowhere) {
  Talk talk;
  talk.say("T1a4lost1b");
  EXPECT_EQ(told(talk.found_), "quiet:a quiet:lost damage:nobody at 0: nothing reads it ");
  EXPECT_FALSE(talk.conversation_.wants_more());
}

TEST(Conversation, RecognisesAnewWhatFollows) {
  const std::string stream = "T1a4anewT1b";
  Talk whole;
  whole.say(stream);
  EXPECT_EQ(told(whole.found_), "quiet:a quiet:anew quiet:b ");
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    Talk cut_in_two;
    cut_in_two.say(stream.substr(0, cut)).say(stream.substr(cut));
    EXPECT_EQ(told(cut_in_two.found_), told(whole.found_)) << "cut at " << cut;
  }
  whole.say("4anew").say("GET /");
  EXPECT_EQ(whole.conversation_.recognition(), Recognition::kNothing);
}

TEST(Conversation, RecognisesAnewWhatTheOtherSideHadAlreadySent) {
  Talk talk;
  talk.say("T1a").say("9T1bxx", Side::kAcceptor).say("4anewT1c");
  EXPECT_EQ(talk.conversation_.recognition(), Recognition::kNothing);  // "9T1b" is nobody's
}

TEST(Conversation, DoesNotRecogniseAnewForever) {
  Talk talk;
  for (std::size_t i = 0; i <= Conversation::kMaxDepth; ++i) { talk.say("T1x4anew"); }
  EXPECT_FALSE(talk.conversation_.wants_more());
}

TEST(Conversation, LeavesAtOnce) {
  Talk talk;
  talk.say("T1a4away1b");
  EXPECT_EQ(talk.conversation_.recognition(), Recognition::kNothing);
  EXPECT_EQ(told(talk.found_), "quiet:a quiet:away ");
}

TEST(Conversation, BeginsWithWhatIsKnown) {
  Talk talk;
  talk.conversation_.begin(Protocol{"loud"}, {}, Side::kInitiator, talk.found_);
  EXPECT_EQ(talk.conversation_.recognition(), Recognition::kRecognised);
  talk.say("1a");
  EXPECT_EQ(told(talk.found_), "LOUD:a ");

  Talk nowhere;
  nowhere.conversation_.begin(Protocol{"nobody"}, {}, Side::kInitiator, nowhere.found_);
  EXPECT_FALSE(nowhere.conversation_.wants_more());
}

TEST(Conversation, HandsOverAtAGap) {
  Talk talk;
  talk.say("T1a2x").gap(7).say("1b");
  EXPECT_EQ(told(talk.found_), "quiet:a gap:7 LOUD:b ");
}

TEST(Conversation, LeadsAStreamInsideThroughAConversationOfItsOwn) {
  Talk whole;
  whole.say("T1a3<T12<b3<3c2<d");
  EXPECT_EQ(told(whole.found_), "quiet:a quiet:<T1 quiet:<b quiet:b quiet:<3c quiet:<d ");
  whole.say("4hole");
  EXPECT_EQ(told(whole.found_).find("gap:2"), told(whole.found_).size() - 6);
  whole.say("3<1z");
  EXPECT_NE(told(whole.found_).find("quiet:z "), std::string::npos);
}

TEST(Conversation, LeadsNumberedStreamsThroughOnesOfTheirOwn) {
  Talk talk;
  talk.say("T1a").say("4[1T1").say("4[2T1").say("3[1b").say("3[2c").say("4[11d");
  EXPECT_EQ(
      told(talk.found_),
      "quiet:a quiet:[1T1 quiet:[2T1 quiet:[1b quiet:b quiet:[2c quiet:c quiet:[11d quiet:d ");
  EXPECT_EQ(talk.conversation_.tail_bytes(), 0U);
  talk.say("3[11");
  EXPECT_EQ(talk.conversation_.tail_bytes(), 1U);
  talk.conversation_.on_end(Side::kInitiator, {}, talk.found_);
  EXPECT_NE(told(talk.found_).find("end: damage:the stream ended inside a PDU"), std::string::npos);
}

TEST(Conversation, ForgetsTheOldestOfTooManyStreams) {
  Talk talk;
  talk.say("T1a");
  for (std::size_t stream = 1; stream <= Conversation::kMaxStreams + 1; ++stream) {
    talk.say(std::string{"4["} + static_cast<char>('0' + stream) + "T1");
  }
  talk.found_.clear();
  talk.say("3[Ax").say("3[1y");
  EXPECT_EQ(told(talk.found_), "quiet:[Ax quiet:x quiet:[1y ");
}

TEST(Conversation, TellsOfTheStreamInsideWhatTheCarrierSays) {
  Talk talk;
  talk.say("T1a4loud3<1b");
  EXPECT_EQ(told(talk.found_), "quiet:a quiet:loud quiet:<1b ");  // said before, not with it
}

TEST(Conversation, TellsTheDissectorThatASideHasEnded) {
  Talk talk;
  talk.say("T1a").conversation_.on_end(Side::kInitiator, {}, talk.found_);
  EXPECT_EQ(told(talk.found_), "quiet:a end: ");
  talk.say("4away").conversation_.on_end(Side::kInitiator, {}, talk.found_);
  EXPECT_EQ(told(talk.found_), "quiet:a end: quiet:away ");
}

TEST(Conversation, TellsWhereTheStreamInsideEnds) {
  Talk talk;
  talk.say("T1a3<T1");
  talk.conversation_.on_end(Side::kInitiator, {}, talk.found_);
  EXPECT_GT(talk.conversation_.tail_bytes(), 0U);
  EXPECT_EQ(
      told(talk.found_),
      "quiet:a quiet:<T1 end: damage:the stream ended inside a PDU, after 1 bytes of it end: ");
}

/// Tells what the context says, and carries another of its kind in itself.
class Asked : public Dissector {
 public:
  explicit Asked(const Context& context) : context_{&context} {}
  std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override {
    const auto* said = context_->scan_streams ? "scan" : "no scan";
    out.observe(at, from, "asked", observation::Anomaly{.code = "asked", .detail = said});
    out.carry(Protocol{"asked"});
    out.pass_on(from, bytes.subspan(1));
    return bytes.size();
  }
  void on_gap(Side, std::uint64_t, Instant, Findings&) override {}

 private:
  const Context* context_;
};

TEST(Conversation, GivesItsContextToEveryDissectorAlsoToThoseInside) {
  const std::array families{
      Family{.protocol = {"asked"},
             .recognise = [](ByteView) { return Verdict::kYes; },
             .make = [](const Context& context) -> std::unique_ptr<Dissector> {
               return std::make_unique<Asked>(context);
             }}};
  Context context;
  context.scan_streams = true;
  Conversation conversation{families, context};
  std::vector<Finding> found;
  conversation.on_bytes(Side::kInitiator, as_bytes("ab"), {}, found);
  EXPECT_EQ(told(found), "asked:scan asked:scan ");
}

}  // namespace
}  // namespace remora
