#include "capture/live/live_interface.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <poll.h>
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
using testing::FrameSender;
using testing::ip;
using testing::ip_says;
using testing::is_made;
using testing::made_frame;
using testing::until;

LiveSettings settings(const std::string& interface) {
  return {.interface = interface, .ring_bytes = 4U << 20U};
}

struct Captured {
  Moment time;
  LinkType link{};
  std::string bytes;
  std::uint32_t wire_bytes{0};
};

class LiveInterfaceTest : public testing::OwnNetwork {
 protected:
  static std::unique_ptr<LiveInterface> open(const LiveSettings& settings) {
    auto opened = LiveInterface::open(settings);
    EXPECT_TRUE(opened.has_value()) << opened.error().reason;
    return opened.has_value() ? std::move(*opened) : nullptr;
  }

  /// Reads what there is, and keeps the frames that the test made.
  ReadState read(LiveInterface& live) {
    return live.read(
        [&](const Frame& frame) {
          const std::string bytes{as_text(frame.bytes)};
          if (!is_made(bytes)) { return; }
          captured_.push_back({frame.at.time, frame.link, bytes, frame.wire_bytes});
        },
        1000);
  }
  /// Reads until so many frames that the test made have come.
  bool read_until(LiveInterface& live, std::size_t count) {
    return until([&] {
      std::ignore = read(live);
      return captured_.size() >= count;
    });
  }
  bool reads(LiveInterface& live, ReadState state) {
    return until([&] { return read(live) == state; });
  }

  std::vector<Captured> captured_;
};

TEST_F(LiveInterfaceTest, GivesFramesWithContentTimeAndLink) {
  make_pair("tap0", "tap1");
  const auto live = open(settings("tap0"));
  ASSERT_NE(live, nullptr);
  EXPECT_EQ(live->link(), LinkType::kEthernet);
  const FrameSender sender{"tap1"};
  const auto before = std::chrono::system_clock::now();
  for (int i = 0; i < 50; ++i) { ASSERT_TRUE(sender.send(made_frame(std::to_string(i), 1000))); }
  ASSERT_TRUE(read_until(*live, 50));
  const auto after = std::chrono::system_clock::now();
  ASSERT_EQ(captured_.size(), 50U);
  for (std::size_t i = 0; i < captured_.size(); ++i) {
    EXPECT_EQ(captured_[i].bytes, made_frame(std::to_string(i), 1000));
    EXPECT_EQ(captured_[i].wire_bytes, 1000U);
    EXPECT_EQ(captured_[i].link, LinkType::kEthernet);
    EXPECT_GE(captured_[i].time, before);
    EXPECT_LE(captured_[i].time, after);
    if (i > 0) { EXPECT_GE(captured_[i].time, captured_[i - 1].time); }
  }
  EXPECT_TRUE(std::ranges::any_of(captured_, [](const Captured& frame) {
    return frame.time.time_since_epoch().count() % 1000 != 0;
  })) << "no nanoseconds";
  EXPECT_EQ(read(*live), ReadState::kNone);
}

TEST_F(LiveInterfaceTest, ReadsNoMoreThanItIsAskedFor) {
  make_pair("tap0", "tap1");
  const auto live = open(settings("tap0"));
  ASSERT_NE(live, nullptr);
  const FrameSender sender{"tap1"};
  for (int i = 0; i < 20; ++i) { ASSERT_TRUE(sender.send(made_frame("x"))); }
  std::size_t all = 0;
  ASSERT_TRUE(until([&] {
    std::size_t now = 0;
    std::ignore = live->read([&](const Frame& /*frame*/) { ++now; }, 3);
    EXPECT_LE(now, 3U);
    all += now;
    return all >= 20;
  }));
}

TEST_F(LiveInterfaceTest, TheDescriptorTellsOfFrames) {
  make_pair("tap0", "tap1");
  const auto live = open(settings("tap0"));
  ASSERT_NE(live, nullptr);
  ASSERT_TRUE(FrameSender{"tap1"}.send(made_frame("x")));
  pollfd waiting{.fd = live->descriptor(), .events = POLLIN, .revents = 0};
  EXPECT_EQ(::poll(&waiting, 1, 20'000), 1);
  EXPECT_EQ(read(*live), ReadState::kSome);
}

TEST_F(LiveInterfaceTest, SnapLengthCutsAndTheWireLengthStays) {
  make_pair("tap0", "tap1");
  auto cut = settings("tap0");
  cut.snap_bytes = 100;
  const auto live = open(cut);
  ASSERT_NE(live, nullptr);
  ASSERT_TRUE(FrameSender{"tap1"}.send(made_frame("x", 1000)));
  ASSERT_TRUE(read_until(*live, 1));
  EXPECT_EQ(captured_[0].bytes.size(), 100U);
  EXPECT_EQ(captured_[0].wire_bytes, 1000U);
}

TEST_F(LiveInterfaceTest, CountsWhatTheRingHadNoRoomFor) {
  make_pair("tap0", "tap1");
  auto small = settings("tap0");
  small.ring_bytes = 1;  // two blocks at the least
  const auto live = open(small);
  ASSERT_NE(live, nullptr);
  const FrameSender sender{"tap1"};
  constexpr std::uint64_t kSent = 5000;
  for (std::uint64_t i = 0; i < kSent; ++i) { ASSERT_TRUE(sender.send(made_frame("x", 1400))); }
  std::uint64_t received = 0;
  ASSERT_TRUE(until([&] {
    received = live->counts().received;
    return received >= kSent;
  }));
  const auto counts = live->counts();
  EXPECT_GT(counts.dropped_by_kernel, 0U);
  EXPECT_LT(counts.dropped_by_kernel, counts.received);
  EXPECT_EQ(counts.dropped_by_interface, 0U);
  ASSERT_TRUE(read_until(*live, counts.received - counts.dropped_by_kernel));
  EXPECT_EQ(captured_.size(), kSent - counts.dropped_by_kernel);
}

TEST_F(LiveInterfaceTest, GoesOnByItselfAfterItWasDown) {
  make_pair("tap0", "tap1");
  const auto live = open(settings("tap0"));
  ASSERT_NE(live, nullptr);
  ASSERT_TRUE(FrameSender{"tap1"}.send(made_frame("before")));
  ASSERT_TRUE(ip("link set tap0 down"));
  EXPECT_TRUE(reads(*live, ReadState::kDown));
  EXPECT_EQ(live->state(), ReadState::kDown);
  ASSERT_TRUE(read_until(*live, 1)) << "what came before is lost";
  EXPECT_TRUE(reads(*live, ReadState::kDown)) << "each time";
  ASSERT_TRUE(ip("link set tap0 up"));
  EXPECT_EQ(live->state(), ReadState::kNone);
  ASSERT_TRUE(carries("tap0") && carries("tap1"));
  ASSERT_TRUE(FrameSender{"tap1"}.send(made_frame("after")));
  ASSERT_TRUE(read_until(*live, 2));
  EXPECT_EQ(captured_[1].bytes, made_frame("after"));
  EXPECT_TRUE(reads(*live, ReadState::kNone));
  EXPECT_GE(live->counts().received, 2U);
}

TEST_F(LiveInterfaceTest, TellsThatItWasDeletedAndStillGivesWhatCameBefore) {
  make_pair("tap0", "tap1");
  const auto live = open(settings("tap0"));
  ASSERT_NE(live, nullptr);
  ASSERT_TRUE(FrameSender{"tap1"}.send(made_frame("before")));
  ASSERT_TRUE(ip("link del tap0"));
  EXPECT_TRUE(reads(*live, ReadState::kGone));
  ASSERT_TRUE(read_until(*live, 1)) << "the last block is lost";
  EXPECT_TRUE(reads(*live, ReadState::kGone));
  make_pair("tap0", "tap1");
  EXPECT_EQ(live->state(), ReadState::kGone) << "another interface, though it has the name";
  EXPECT_TRUE(reads(*live, ReadState::kGone));
  std::ignore = live->counts();
}

TEST_F(LiveInterfaceTest, TellsThatItWasRenamed) {
  make_pair("tap0", "tap1");
  const auto live = open(settings("tap0"));
  ASSERT_NE(live, nullptr);
  ASSERT_TRUE(ip("link set tap0 down") && ip("link set tap0 name tap9") && ip("link set tap9 up"));
  EXPECT_TRUE(reads(*live, ReadState::kGone));
  make_pair("tap0", "tap2");
  EXPECT_EQ(live->state(), ReadState::kGone) << "another interface has the name";
}

TEST_F(LiveInterfaceTest, SaysWhyItCannotBeOpened) {
  const auto missing = LiveInterface::open(settings("tap0"));
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().failure, OpenFailure::kNoSuchInterface);
  EXPECT_EQ(missing.error().reason, "tap0: there is no such interface");
  make_pair("tap0", "tap1");
  ASSERT_TRUE(ip("link set tap0 down"));
  const auto down = LiveInterface::open(settings("tap0"));
  ASSERT_FALSE(down.has_value());
  EXPECT_EQ(down.error().failure, OpenFailure::kDown);
  EXPECT_EQ(down.error().reason, "tap0: is down");
  ASSERT_TRUE(ip("link set tap0 up"));
  auto filtered = settings("tap0");
  filtered.filter = "port of Hamburg";
  const auto bad = LiveInterface::open(filtered);
  ASSERT_FALSE(bad.has_value());
  EXPECT_EQ(bad.error().failure, OpenFailure::kBadFilter);
  EXPECT_THAT(bad.error().reason, ::testing::StartsWith("tap0: the filter cannot be used: "));
  filtered.filter = "ether[0] == 1";
  for (int i = 0; i < 3000; ++i) { filtered.filter += " or ether[" + std::to_string(i) + "] == 1"; }
  const auto too_long = LiveInterface::open(filtered);
  ASSERT_FALSE(too_long.has_value());
  EXPECT_THAT(too_long.error().reason, ::testing::HasSubstr("the kernel takes 4096"));
  const auto nameless = LiveInterface::open(settings(std::string(300, 'x')));
  ASSERT_FALSE(nameless.has_value());
  EXPECT_EQ(nameless.error().failure, OpenFailure::kNoSuchInterface);
}

TEST_F(LiveInterfaceTest, SaysThatItHasNoRight) {
  make_pair("tap0", "tap1");
  const auto without_rights = [] {
    constexpr uid_t kNobody = 65534;
    if (::setuid(kNobody) != 0) { std::_Exit(2); }
    const auto refused = LiveInterface::open(settings("tap0"));
    if (refused.has_value()) { std::_Exit(3); }
    std::fputs(refused.error().reason.c_str(), stderr);
    std::_Exit(refused.error().failure == OpenFailure::kNoRight ? 0 : 4);
  };
  EXPECT_EXIT(without_rights(), ::testing::ExitedWithCode(0),
              "tap0: no right to capture; capturing needs CAP_NET_RAW");
}

/// How many have asked the interface to be promiscuous, as `ip` tells it.
std::string promiscuity(const std::string& interface) {
  const auto text = ip_says("-d link show dev " + interface);
  const auto at = text.find("promiscuity ");
  return at == std::string::npos ? text : text.substr(at, std::string{"promiscuity 1"}.size());
}

TEST_F(LiveInterfaceTest, IsPromiscuousWhereThatIsWanted) {
  make_pair("tap0", "tap1");
  auto live = open(settings("tap0"));
  ASSERT_NE(live, nullptr);
  EXPECT_EQ(promiscuity("tap0"), "promiscuity 1");
  // Made frames are to no card of this machine.
  ASSERT_TRUE(FrameSender{"tap1"}.send(made_frame("x")));
  EXPECT_TRUE(read_until(*live, 1));
  live.reset();
  EXPECT_EQ(promiscuity("tap0"), "promiscuity 0");
  auto quiet = settings("tap0");
  quiet.promiscuous = false;
  live = open(quiet);
  ASSERT_NE(live, nullptr);
  EXPECT_EQ(promiscuity("tap0"), "promiscuity 0");
}

TEST_F(LiveInterfaceTest, FiltersInTheKernel) {
  make_pair("tap0", "tap1");
  auto filtered = settings("tap0");
  filtered.filter = "ether proto 0x88b5 and ether[14] == 0x79";
  const auto live = open(filtered);
  ASSERT_NE(live, nullptr);
  const FrameSender sender{"tap1"};
  for (const auto* content : {"x", "y", "x", "y"}) {
    ASSERT_TRUE(sender.send(made_frame(content)));
  }
  ASSERT_TRUE(read_until(*live, 2));
  EXPECT_EQ(captured_.size(), 2U);
  EXPECT_EQ(captured_[0].bytes, made_frame("y"));
  EXPECT_EQ(live->counts().received, 2U);
}

TEST_F(LiveInterfaceTest, AnyIsAllInterfacesWithCookedHeaders) {
  make_pair("tap0", "tap1");
  make_pair("tap2", "tap3");
  const auto live = open(settings("any"));
  ASSERT_NE(live, nullptr);
  EXPECT_EQ(live->link(), LinkType::kLinuxSll2);
  ASSERT_TRUE(FrameSender{"tap1"}.send(made_frame("one")));
  ASSERT_TRUE(FrameSender{"tap3"}.send(made_frame("other")));
  std::vector<std::string> contents;  // as sent and as received
  const auto take = [&](const Frame& frame) {
    const std::string bytes{as_text(frame.bytes)};
    if (bytes.starts_with("\x88\xb5") && bytes.size() > 25) {
      contents.push_back(bytes.substr(20, 5));
    }
  };
  ASSERT_TRUE(until([&] {
    std::ignore = live->read(take, 1000);
    return contents.size() >= 4;
  }));
  EXPECT_EQ(std::ranges::count(contents, std::string{"other"}), 2);
  EXPECT_EQ(live->state(), ReadState::kNone);
}

TEST_F(LiveInterfaceTest, RawIpHasTheNumberThatFilesGiveIt) {
  if (!ip("tuntap add dev tap0 mode tun 2>/dev/null")) { GTEST_SKIP() << "no tun devices here"; }
  ASSERT_TRUE(ip("link set tap0 up"));
  const auto live = open(settings("tap0"));
  ASSERT_NE(live, nullptr);
  EXPECT_EQ(live->link(), LinkType::kRaw);
}

}  // namespace
}  // namespace remora::capture
