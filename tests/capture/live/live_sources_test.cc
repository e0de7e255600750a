#include "capture/live/live_sources.h"

#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/capture/live/own_network.h"
#include "tests/capture/live/waiting.h"

namespace remora::capture {
namespace {

using testing::carries;
using ::testing::ElementsAre;
using testing::FrameSender;
using testing::ip;
using testing::is_made;
using ::testing::IsEmpty;
using testing::made_frame;
using testing::until;

LoopTime now() {
  return std::chrono::steady_clock::now();
}

class LiveSourcesTest : public testing::OwnNetwork {
 protected:
  LiveSources& make(const std::vector<std::string>& names) {
    std::vector<LiveSettings> all;
    for (const auto& name : names) { all.push_back({.interface = name, .ring_bytes = 4U << 20U}); }
    sources_ = std::make_unique<LiveSources>(all, MergeSettings{}, [this](const Frame& frame) {
      const std::string bytes{as_text(frame.bytes)};
      if (!is_made(bytes)) { return; }
      contents_.push_back(bytes.substr(14, bytes.find('\0', 14) - 14));
      EXPECT_GE(frame.at.time, last_) << "not in order of time";
      last_ = frame.at.time;
    });
    sources_->tick(now());
    return *sources_;
  }
  bool read_until(std::size_t count) {
    return until([&] {
      std::ignore = sources_->read(100, now());
      return contents_.size() >= count;
    });
  }
  /// Ticks and reads until there is news.
  bool news_is(const std::string& news) {
    std::vector<std::string> all;
    const bool came = until([&] {
      sources_->tick(now());
      std::ignore = sources_->read(100, now());
      for (auto& text : sources_->take_news()) { all.push_back(std::move(text)); }
      return !all.empty();
    });
    EXPECT_THAT(all, ElementsAre(news));
    return came;
  }

  std::unique_ptr<LiveSources> sources_;
  std::vector<std::string> contents_;
  Moment last_{kEarliest};
};

TEST_F(LiveSourcesTest, TwoInterfacesGiveOneOrder) {
  make_pair("tap0", "tap1");
  make_pair("tap2", "tap3");
  auto& sources = make({"tap0", "tap2"});
  EXPECT_THAT(sources.take_news(), ElementsAre("tap0: captures", "tap2: captures"));
  EXPECT_EQ(sources.capturing(), 2U);
  EXPECT_EQ(sources.descriptors().size(), 2U);
  const FrameSender one{"tap1"};
  const FrameSender other{"tap3"};
  std::vector<std::string> sent;
  for (int i = 0; i < 1000; ++i) {
    sent.push_back(std::to_string(i));
    // In runs, so that many of one wait for the other.
    ASSERT_TRUE((i % 7 < 3 ? one : other).send(made_frame(sent.back(), 200)));
  }
  ASSERT_TRUE(read_until(1000));
  EXPECT_TRUE(contents_ == sent);
  const auto status = sources.status();
  ASSERT_EQ(status.size(), 2U);
  EXPECT_GE(status[0].delivered, 400U);
  EXPECT_EQ(status[0].delivered + status[1].delivered, 1000U);
  EXPECT_EQ(status[0].counts.received, status[0].delivered);
  EXPECT_EQ(status[1].counts.received, status[1].delivered);
  EXPECT_EQ(status[1].interface, "tap2");
  EXPECT_TRUE(status[1].capturing);
  EXPECT_EQ(status[1].problem, "");
}

TEST_F(LiveSourcesTest, ASilentInterfaceDoesNotHoldUpTheOther) {
  make_pair("tap0", "tap1");
  make_pair("tap2", "tap3");
  make({"tap0", "tap2"});
  ASSERT_TRUE(FrameSender{"tap1"}.send(made_frame("alone")));
  EXPECT_TRUE(read_until(1));
}

TEST_F(LiveSourcesTest, DrainGivesTheLastBlocks) {
  make_pair("tap0", "tap1");
  make_pair("tap2", "tap3");
  auto& sources = make({"tap0", "tap2"});
  const FrameSender one{"tap1"};
  const FrameSender other{"tap3"};
  for (int i = 0; i < 3000; ++i) {
    ASSERT_TRUE((i % 2 == 0 ? one : other).send(made_frame(std::to_string(i), 400)));
  }
  sources.drain(now());
  EXPECT_EQ(contents_.size(), 3000U);
}

TEST_F(LiveSourcesTest, WaitsForWhatIsMissingAndTellsEachChangeOnce) {
  make_pair("tap0", "tap1");
  auto& sources = make({"tap0", "tap2"});
  EXPECT_THAT(sources.take_news(),
              ElementsAre("tap0: captures", "tap2: there is no such interface"));
  EXPECT_EQ(sources.capturing(), 1U);
  EXPECT_EQ(sources.descriptors().size(), 1U);
  EXPECT_FALSE(sources.status()[1].capturing);
  EXPECT_EQ(sources.status()[1].problem, "tap2: there is no such interface");
  sources.tick(now());
  EXPECT_THAT(sources.take_news(), IsEmpty());
  ASSERT_TRUE(ip("link add name tap2 type veth peer name tap3"));
  EXPECT_TRUE(news_is("tap2: is down"));
  ASSERT_TRUE(ip("link set tap2 up") && ip("link set tap3 up"));
  EXPECT_TRUE(news_is("tap2: captures"));
  ASSERT_TRUE(carries("tap2") && carries("tap3"));
  EXPECT_EQ(sources.capturing(), 2U);
  ASSERT_TRUE(FrameSender{"tap3"}.send(made_frame("late")));
  ASSERT_TRUE(read_until(1));
}

TEST_F(LiveSourcesTest, GoesOnAfterDownAndUp) {
  make_pair("tap0", "tap1");
  auto& sources = make({"tap0"});
  std::ignore = sources.take_news();
  ASSERT_TRUE(FrameSender{"tap1"}.send(made_frame("one")));
  ASSERT_TRUE(ip("link set tap0 down"));
  EXPECT_TRUE(news_is("tap0: is down"));
  EXPECT_EQ(sources.capturing(), 0U);
  ASSERT_TRUE(read_until(1));
  EXPECT_THAT(sources.take_news(), IsEmpty()) << "frames left in the ring are no sign of life";
  ASSERT_TRUE(ip("link set tap0 up"));
  EXPECT_TRUE(news_is("tap0: captures"));
  ASSERT_TRUE(carries("tap0") && carries("tap1"));
  ASSERT_TRUE(FrameSender{"tap1"}.send(made_frame("two")));
  ASSERT_TRUE(read_until(2));
  EXPECT_THAT(contents_, ElementsAre("one", "two"));
}

TEST_F(LiveSourcesTest, OpensAnewWhatWasDeletedAndMadeAgain) {
  make_pair("tap0", "tap1");
  auto& sources = make({"tap0"});
  std::ignore = sources.take_news();
  ASSERT_TRUE(FrameSender{"tap1"}.send(made_frame("one")));
  ASSERT_TRUE(ip("link del tap0"));
  EXPECT_TRUE(news_is("tap0: there is no such interface"));
  make_pair("tap0", "tap1");
  EXPECT_TRUE(news_is("tap0: captures"));
  ASSERT_TRUE(FrameSender{"tap1"}.send(made_frame("two")));
  ASSERT_TRUE(read_until(2));
  EXPECT_THAT(contents_, ElementsAre("one", "two"));
  EXPECT_EQ(sources.status()[0].counts.received, 2U) << "of both";
  EXPECT_EQ(sources.status()[0].delivered, 2U);
}

TEST_F(LiveSourcesTest, LosesNothingWhenItIsDeletedAndMadeAgainAtOnce) {
  make_pair("tap0", "tap1");
  auto& sources = make({"tap0"});
  for (int round = 0; round < 3; ++round) {
    ASSERT_TRUE(FrameSender{"tap1"}.send(made_frame(std::to_string(round))));
    ASSERT_TRUE(ip("link del tap0"));
    make_pair("tap0", "tap1");
    sources.tick(now());  // sees that it is another, and opens that
    EXPECT_EQ(sources.capturing(), 1U);
    ASSERT_TRUE(read_until(static_cast<std::size_t>(round) + 1));
  }
  EXPECT_THAT(contents_, ElementsAre("0", "1", "2"));
}

TEST_F(LiveSourcesTest, FollowsTheNameThroughRenames) {
  make_pair("tap0", "tap1");
  auto& sources = make({"tap0"});
  std::ignore = sources.take_news();
  ASSERT_TRUE(ip("link set tap0 down") && ip("link set tap0 name tap9") && ip("link set tap9 up"));
  EXPECT_TRUE(news_is("tap0: there is no such interface"));
  ASSERT_TRUE(ip("link set tap9 down") && ip("link set tap9 name tap0") && ip("link set tap0 up"));
  EXPECT_TRUE(news_is("tap0: captures"));
  ASSERT_TRUE(carries("tap0") && carries("tap1"));
  ASSERT_TRUE(FrameSender{"tap1"}.send(made_frame("x")));
  ASSERT_TRUE(read_until(1));
}

TEST_F(LiveSourcesTest, CountsWhatWasDropped) {
  make_pair("tap0", "tap1");
  auto& sources = make({"tap0"});
  const FrameSender sender{"tap1"};
  constexpr std::uint64_t kSent = 10'000;
  for (std::uint64_t i = 0; i < kSent; ++i) { ASSERT_TRUE(sender.send(made_frame("x", 1400))); }
  sources.drain(now());
  const auto status = sources.status()[0];
  EXPECT_EQ(status.counts.received, kSent);
  EXPECT_GT(status.counts.dropped_by_kernel, 0U);
  EXPECT_EQ(status.delivered, kSent - status.counts.dropped_by_kernel);
}

}  // namespace
}  // namespace remora::capture
