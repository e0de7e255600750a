#include "daemon/outputs/stream/session.h"

#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/outputs/stream/collector_part.h"

namespace remora::outputs::stream {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::LoopbackPeer;

constexpr std::chrono::seconds kLong{30};

[[nodiscard]] tl::expected<Session, std::string> open(const LoopbackPeer& peer,
                                                      std::chrono::milliseconds limit = kLong) {
  Config config;
  config.address = {.host = "127.0.0.1", .port = peer.port()};
  config.connect_timeout = limit;
  return Session::open(config, "branch");
}

/// Why no session came of what `part` does.
[[nodiscard]] std::string refusal(std::function<void(CollectorPart&)> part) {
  const LoopbackPeer peer{[&](LoopbackPeer::Socket& client) {
    CollectorPart collector{client};
    part(collector);
  }};
  const auto session = open(peer);
  return session.has_value() ? "none" : session.error();
}

TEST(Session, GreetsWithItsVersionAndName) {
  v1::SensorFrame heard;
  LoopbackPeer peer{[&](LoopbackPeer::Socket& client) {
    CollectorPart collector{client};
    heard = collector.hear();
    v1::CollectorFrame frame;
    frame.mutable_welcome()->set_version(1);
    collector.say(frame);
  }};
  EXPECT_TRUE(open(peer).has_value());
  EXPECT_EQ(peer.finish(), "");
  EXPECT_EQ(heard.hello().version(), 1U);
  EXPECT_EQ(heard.hello().sensor(), "branch");
}

TEST(Session, RefusesAVersionThatItDoesNotSpeak) {
  EXPECT_THAT(refusal([](CollectorPart& collector) { collector.welcome(2); }),
              HasSubstr("version 2 of the protocol"));
}

TEST(Session, SaysWhyTheCollectorWentInPrintableWords) {
  EXPECT_THAT(refusal([](CollectorPart& collector) {
                (void)collector.hear();
                v1::CollectorFrame frame;
                frame.mutable_goodbye()->set_reason(v1::Goodbye::UNSUPPORTED_VERSION);
                frame.mutable_goodbye()->set_text("update\n\x1b[31m" + std::string(500, '!'));
                collector.say(frame);
              }),
              ::testing::AllOf(HasSubstr("(UNSUPPORTED_VERSION): update??[31m!!"),
                               ::testing::Not(HasSubstr(std::string(200, '!')))));
}

TEST(Session, RefusesWhatIsNoCollector) {
  EXPECT_THAT(refusal([](CollectorPart& collector) {
                (void)collector.hear(), collector.say_raw("220 ready\r\n" + std::string(100, 'x'));
              }),
              HasSubstr("is it a collector"));
  EXPECT_THAT(refusal([](CollectorPart& collector) {
                (void)collector.hear(), collector.say_raw("\xff\xff\xff\x7f");
              }),
              HasSubstr("larger than"));
  EXPECT_THAT(
      refusal([](CollectorPart& collector) { (void)collector.hear(), collector.acknowledge(1); }),
      HasSubstr("out of order"));
  EXPECT_THAT(refusal([](CollectorPart& collector) { (void)collector.hear(); }),
              HasSubstr("closed the connection"));
}

TEST(Session, DoesNotWaitForAGreetingForEver) {
  std::promise<void> over;
  const LoopbackPeer peer{[&](LoopbackPeer::Socket&) { over.get_future().wait(); }};
  const auto session = open(peer, std::chrono::milliseconds{100});
  over.set_value();
  ASSERT_FALSE(session.has_value());
  EXPECT_THAT(session.error(), HasSubstr("does not greet in time"));
}

TEST(Session, RemembersWhatIsAcknowledgedAndRejected) {
  const LoopbackPeer peer{[&](LoopbackPeer::Socket& client) {
    CollectorPart collector{client};
    collector.welcome();
    for (int count = 0; count < 3; ++count) { (void)collector.hear(); }
    collector.reject(2);
    collector.acknowledge(3);
    (void)collector.hear();
  }};
  auto session = open(peer);
  ASSERT_TRUE(session.has_value()) << session.error();
  std::string frames;
  for (const std::uint64_t number : {1U, 2U, 3U}) { append_delivery(frames, number, "event"); }
  ASSERT_TRUE(session->send(frames, 3, net::in(kLong)).has_value());
  EXPECT_EQ(session->sent(), 3U);
  while (session->acknowledged() < 3) { ASSERT_TRUE(*session->listen(net::in(kLong))); }
  EXPECT_EQ(session->rejection(), "not liked");
  EXPECT_THAT(session->take_rejected(), ElementsAre(2U));
  EXPECT_THAT(session->take_rejected(), IsEmpty());
  EXPECT_FALSE(*session->listen(net::Deadline{}));
}

TEST(Session, BelievesNoNumberThatItDidNotSend) {
  for (const auto& lie : std::vector<std::function<void(CollectorPart&)>>{
           [](CollectorPart& one) { one.acknowledge(2); },
           [](CollectorPart& one) { one.reject(2); }, [](CollectorPart& one) { one.reject(0); },
           [](CollectorPart& one) { one.reject(1), one.reject(1); },
           [](CollectorPart& one) { one.acknowledge(1), one.acknowledge(0); },
           [](CollectorPart& one) { one.say_welcome(); }}) {
    const LoopbackPeer peer{[&](LoopbackPeer::Socket& client) {
      CollectorPart collector{client};
      collector.welcome();
      (void)collector.hear();
      lie(collector);
      (void)collector.hear();
    }};
    auto session = open(peer);
    ASSERT_TRUE(session.has_value()) << session.error();
    std::string frames;
    append_delivery(frames, 1, "event");
    ASSERT_TRUE(session->send(frames, 1, net::in(kLong)).has_value());
    auto heard = session->listen(net::in(kLong));
    while (heard.has_value() && *heard) { heard = session->listen(net::in(kLong)); }
    ASSERT_FALSE(heard.has_value());
    EXPECT_THAT(heard.error(), HasSubstr("is it a collector"));
  }
}

}  // namespace
}  // namespace remora::outputs::stream
