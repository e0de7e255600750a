#include "dissect/ticket_file/ticket_file_dissector.h"

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/conversation/conversation.h"
#include "dissect/ticket_file/family.h"
#include "tests/support/ticket_texts.h"

namespace remora::ticket_file {
namespace {

class Flow {
 public:
  Flow& say(std::string_view text, std::size_t piece = 1U << 20U) {
    for (ByteView rest = as_bytes(text); !rest.empty();) {
      const auto next = rest.first(std::min(piece, rest.size()));
      conversation_.on_bytes(Side::kAcceptor, next, {}, found_);
      rest = rest.subspan(next.size());
    }
    return *this;
  }
  Flow& end() {
    conversation_.on_end(Side::kAcceptor, {}, found_);
    return *this;
  }
  Family family_{family()};
  Conversation conversation_{Families{&family_, 1}};
  std::vector<Finding> found_;
};

TEST(TicketFile, IsAllThatAConnectionCarries) {
  const auto ticket = testing::xp_ticket();
  for (const std::size_t piece : {1U, 2U, 50U, 1000U}) {
    Flow flow;
    flow.say(ticket, piece).end();
    ASSERT_EQ(flow.found_.size(), 1U) << piece;
    const auto& seen = std::get<observation::TicketSeen>(flow.found_[0].what);
    EXPECT_STREQ(seen.carriage.protocol, "TCP");
    EXPECT_EQ(flow.found_[0].from, Side::kAcceptor);
  }
}

TEST(TicketFile, IsRefusedWhenItIsCutOff) {
  Flow flow;
  flow.say(testing::xp_ticket().substr(0, 150));
  EXPECT_TRUE(flow.found_.empty());
  flow.end();
  ASSERT_EQ(flow.found_.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<observation::TicketRefused>(flow.found_[0].what));
}

TEST(TicketFile, WaitsForItsNameWhereThatDecides) {
  for (const auto* text : {"65538,1,192.0.2.20:33", "65538,2,192.0.2.20:3389,*,AAEC,*,*,AAEC"}) {
    Flow flow;
    flow.say(text).end();
    ASSERT_EQ(flow.found_.size(), 1U) << text;
    EXPECT_TRUE(std::get<observation::TicketRefused>(flow.found_[0].what).if_named) << text;
  }
}

TEST(TicketFile, IsNotWhatIsOtherXml) {
  Flow flow;
  flow.say("<?xml version='1.0'?><stream:stream to='a'>");
  EXPECT_EQ(flow.conversation_.recognition(), Recognition::kNothing);
}

}  // namespace
}  // namespace remora::ticket_file
