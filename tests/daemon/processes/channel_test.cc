#include "daemon/processes/channel.h"

#include <array>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace remora::processes {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Two ends in one event loop.
class ChannelTest : public ::testing::Test {
 protected:
  ChannelTest() : ChannelTest{make_pair().value()} {}
  explicit ChannelTest(Pair pair)
      : one_{io_, std::move(pair.one)},
        raw_{dup(pair.other.number())},
        other_{io_, std::move(pair.other)} {}

  void listen() {
    other_.listen(
        [this](std::string_view message, std::deque<Descriptor>& descriptors) {
          told_.emplace_back(message);
          while (!descriptors.empty()) {
            came_.push_back(std::move(descriptors.front()));
            descriptors.pop_front();
          }
        },
        [this](const std::string& problem) {
          ended_ = true;
          problem_ = problem;
        });
  }
  /// Everything that is due now.
  void turn() {
    io_.restart();
    while (io_.poll() > 0) {}
  }

  boost::asio::io_context io_;
  Channel one_;
  Descriptor raw_;
  Channel other_;
  std::vector<std::string> told_;
  std::vector<Descriptor> came_;
  bool ended_{false};
  std::string problem_;
};

TEST_F(ChannelTest, MessagesComeWholeAndInOrder) {
  listen();
  one_.send("a");
  one_.send("");
  one_.send(std::string(300'000, 'b'));
  turn();
  EXPECT_THAT(told_, ElementsAre("a", "", std::string(300'000, 'b')));
  EXPECT_EQ(one_.unsent_bytes(), 0U);
}

TEST_F(ChannelTest, WhatIsNotTakenIsHeldAndTold) {
  int drained = 0;
  one_.on_drained([&] { ++drained; });
  const std::string large(4 << 20, 'x');
  one_.send(large);
  EXPECT_GT(one_.unsent_bytes(), 0U);
  EXPECT_EQ(drained, 0);
  listen();
  turn();
  EXPECT_THAT(told_, ElementsAre(large));
  EXPECT_EQ(one_.unsent_bytes(), 0U);
  EXPECT_EQ(drained, 1);
}

TEST_F(ChannelTest, WhoPausesHearsTheRestLater) {
  listen();
  other_.pause();
  one_.send("a");
  turn();
  EXPECT_TRUE(told_.empty());
  other_.resume();
  turn();
  EXPECT_THAT(told_, ElementsAre("a"));
}

TEST_F(ChannelTest, AFileTravelsWithAMessage) {
  listen();
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  ASSERT_EQ(write(ends[1], "key", 3), 3);
  ASSERT_TRUE(one_.send_now("with a file", std::array{ends[0]}));
  (void)close(ends[0]);
  (void)close(ends[1]);
  turn();
  EXPECT_THAT(told_, ElementsAre("with a file"));
  ASSERT_EQ(came_.size(), 1U);
  std::array<char, 8> text{};
  EXPECT_EQ(read(came_[0].number(), text.data(), text.size()), 3);
}

TEST_F(ChannelTest, TheEndIsToldAfterTheLastMessage) {
  listen();
  raw_.reset();
  one_.send("last");
  one_.close();
  turn();
  EXPECT_THAT(told_, ElementsAre("last"));
  EXPECT_TRUE(ended_);
  EXPECT_EQ(problem_, "");
}

TEST_F(ChannelTest, WhatIsNoMessageEndsIt) {
  one_.listen([](std::string_view, auto&) {},
              [this](const std::string& problem) {
                ended_ = true;
                problem_ = problem;
              });
  const std::string endless(20, '\xff');
  ASSERT_EQ(write(raw_.number(), endless.data(), endless.size()), 20);
  turn();
  EXPECT_TRUE(ended_);
  EXPECT_THAT(problem_, HasSubstr("frame"));
}

TEST_F(ChannelTest, WritingToOneThatIsGoneIsHarmless) {
  (void)signal(SIGPIPE, SIG_IGN);
  raw_.reset();
  other_.close();
  one_.send("a");
  turn();
  EXPECT_EQ(one_.unsent_bytes(), 0U);
}

}  // namespace
}  // namespace remora::processes
