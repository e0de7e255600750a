#include "daemon/collect/dialogue.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/event/size_limit.h"

namespace remora::collect {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

[[nodiscard]] std::string framed(const v1::SensorFrame& frame) {
  std::string bytes;
  append_delimited(bytes, frame.SerializeAsString());
  return bytes;
}

[[nodiscard]] std::string hello(std::uint32_t version = 1) {
  v1::SensorFrame frame;
  frame.mutable_hello()->set_version(version);
  frame.mutable_hello()->set_sensor("branch");
  return framed(frame);
}

[[nodiscard]] std::string delivery(std::uint64_t number, const std::string& bytes) {
  v1::SensorFrame frame;
  frame.mutable_delivery()->set_number(number);
  frame.mutable_delivery()->set_event(bytes);
  return framed(frame);
}

[[nodiscard]] std::string event(const std::string& id) {
  v1::Event made;
  made.set_event_id(id);
  return made.SerializeAsString();
}

class DialogueTest : public ::testing::Test {
 protected:
  /// What the collector says, each frame in short.
  [[nodiscard]] std::vector<std::string> said() {
    DelimitedReader reader{1U << 20U};
    reader.append(dialogue.take_output());
    std::vector<std::string> words;
    for (auto bytes = reader.next(); bytes.has_value() && bytes->has_value();
         bytes = reader.next()) {
      v1::CollectorFrame frame;
      EXPECT_TRUE(frame.ParseFromString(std::string{**bytes}));
      words.push_back(frame.ShortDebugString());
    }
    return words;
  }

  std::vector<std::string> stored;
  Dialogue dialogue{[this](const v1::Event& one, std::string_view bytes) {
    EXPECT_EQ(one.SerializeAsString(), bytes);
    if (one.event_id() == "unwritable") { return false; }
    stored.push_back(one.event_id());
    return true;
  }};
};

TEST_F(DialogueTest, WelcomesStoresAndAcknowledgesWhatIsDurable) {
  dialogue.on_bytes(hello() + delivery(7, event("a")) + delivery(9, event("b")));
  EXPECT_THAT(stored, ElementsAre("a", "b"));
  EXPECT_THAT(said(), ElementsAre("welcome { version: 1 }"));
  EXPECT_TRUE(dialogue.awaits_durability());
  dialogue.on_durable();
  EXPECT_THAT(said(), ElementsAre("acknowledgement { number: 9 }"));
  EXPECT_FALSE(dialogue.awaits_durability());
  dialogue.on_durable();
  EXPECT_THAT(said(), IsEmpty());
}

TEST_F(DialogueTest, UnderstandsTheSameHoweverTheStreamIsCut) {
  const auto stream = hello() + delivery(1, event("a")) + delivery(2, event(std::string(300, 'b')));
  for (const auto byte : stream) { dialogue.on_bytes({&byte, 1}); }
  EXPECT_THAT(stored, ElementsAre("a", std::string(300, 'b')));
  EXPECT_FALSE(dialogue.finished());
}

TEST_F(DialogueTest, RefusesAVersionThatItDoesNotSpeak) {
  dialogue.on_bytes(hello(0) + delivery(1, event("a")));
  EXPECT_TRUE(dialogue.finished());
  EXPECT_THAT(stored, IsEmpty());
  EXPECT_THAT(said(), ElementsAre(HasSubstr("reason: UNSUPPORTED_VERSION")));
}

TEST_F(DialogueTest, AnswersALaterVersionWithItsOwn) {
  dialogue.on_bytes(hello(17));
  EXPECT_THAT(said(), ElementsAre("welcome { version: 1 }"));
}

TEST_F(DialogueTest, WantsOneHelloFirst) {
  dialogue.on_bytes(delivery(1, event("a")));
  EXPECT_TRUE(dialogue.finished());
  EXPECT_THAT(said(), ElementsAre(HasSubstr("reason: PROTOCOL_ERROR")));
  Dialogue twice{[](const v1::Event&, std::string_view) { return true; }};
  twice.on_bytes(hello() + hello());
  EXPECT_TRUE(twice.finished());
}

TEST_F(DialogueTest, WantsNumbersThatGrow) {
  for (const auto number : {5U, 4U, 0U}) {
    Dialogue one{[](const v1::Event&, std::string_view) { return true; }};
    one.on_bytes(hello() + delivery(5, event("a")) + delivery(number, event("b")));
    EXPECT_TRUE(one.finished()) << number;
  }
}

TEST_F(DialogueTest, RejectsWhatIsNoEventAndGoesOn) {
  dialogue.on_bytes(hello() + delivery(1, "\xff\xff") + delivery(2, "") + delivery(3, event("a")));
  EXPECT_THAT(stored, ElementsAre("a"));
  EXPECT_THAT(said(), ElementsAre("welcome { version: 1 }",
                                  R"(rejection { number: 1 reason: "no remora.v1.Event" })",
                                  R"(rejection { number: 2 reason: "has no event_id" })"));
  dialogue.on_durable();
  EXPECT_THAT(said(), ElementsAre("acknowledgement { number: 3 }"));
}

TEST_F(DialogueTest, RejectsWhatCannotBeStoredAndGoesOn) {
  dialogue.on_bytes(hello() + delivery(1, event("unwritable")) + delivery(2, event("a")));
  EXPECT_THAT(stored, ElementsAre("a"));
  EXPECT_THAT(said(), ElementsAre("welcome { version: 1 }",
                                  ::testing::StartsWith("rejection { number: 1 reason: \"")));
  dialogue.on_durable();
  EXPECT_THAT(said(), ElementsAre("acknowledgement { number: 2 }"));
}

TEST_F(DialogueTest, TakesEventsUpToItsLimit) {
  // Tag and length of event_id are 5 bytes there.
  dialogue.on_bytes(hello() + delivery(1, event(std::string(kMaxEventBytes - 5, 'x'))));
  EXPECT_EQ(stored.size(), 1U);
  dialogue.on_bytes(delivery(2, event(std::string(kMaxEventBytes - 4, 'x'))));
  EXPECT_EQ(stored.size(), 1U);
  EXPECT_FALSE(dialogue.finished());
  dialogue.on_bytes(delivery(3, event(std::string(kMaxEventBytes + 100, 'x'))));
  EXPECT_TRUE(dialogue.finished());
}

TEST_F(DialogueTest, TakesNoLargeFrameOfWhoDidNotGreet) {
  dialogue.on_bytes("GET / HTTP/1.1\r\n" + std::string(200, 'x'));
  EXPECT_TRUE(dialogue.finished());
  Dialogue large{[](const v1::Event&, std::string_view) { return true; }};
  large.on_bytes("\xff\xff\x03");
  EXPECT_TRUE(large.finished());
}

TEST_F(DialogueTest, AcknowledgesNothingAfterGoodbye) {
  dialogue.on_bytes(hello() + delivery(1, event("a")));
  dialogue.say_goodbye(v1::Goodbye::STORAGE_FAILED, "the disk is full");
  dialogue.on_durable();
  dialogue.say_goodbye(v1::Goodbye::IDLE, "");
  dialogue.on_bytes(delivery(2, event("b")));
  EXPECT_THAT(stored, ElementsAre("a"));
  EXPECT_THAT(said(), ElementsAre("welcome { version: 1 }", HasSubstr("STORAGE_FAILED")));
}

}  // namespace
}  // namespace remora::collect
