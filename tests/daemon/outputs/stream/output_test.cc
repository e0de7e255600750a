#include "daemon/outputs/stream/output.h"

#include <future>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/event/size_limit.h"
#include "tests/daemon/outputs/stream/collector_part.h"

namespace remora::outputs::stream {
namespace {

using delivery::Parcel;
using ::testing::HasSubstr;
using testing::LoopbackPeer;

constexpr std::chrono::seconds kLong{30};

[[nodiscard]] Parcel parcel(std::uint64_t number, std::size_t bytes = 10) {
  return {.number = number, .event = {}, .bytes = std::string(bytes, 'x')};
}

[[nodiscard]] std::vector<Parcel> parcels(std::uint64_t first, std::size_t count) {
  std::vector<Parcel> made;
  for (std::size_t at = 0; at < count; ++at) { made.push_back(parcel(first + at)); }
  return made;
}

[[nodiscard]] Config towards(const LoopbackPeer& peer, std::chrono::milliseconds limit = kLong) {
  Config config;
  config.address = {.host = "127.0.0.1", .port = peer.port()};
  config.connect_timeout = kLong;
  config.timeout = limit;
  return config;
}

/// A collector that plays `part` after its welcome, and stays until the client goes.
[[nodiscard]] LoopbackPeer::Part after_welcome(std::function<void(CollectorPart&)> part) {
  return [part = std::move(part)](LoopbackPeer::Socket& client) {
    CollectorPart collector{client};
    collector.welcome();
    part(collector);
    while (true) { (void)collector.hear(); }
  };
}

[[nodiscard]] std::uint64_t hear(CollectorPart& collector, int count) {
  std::uint64_t last = 0;
  for (; count > 0; --count) { last = collector.hear().delivery().number(); }
  return last;
}

TEST(StreamOutput, TakesBatchesOverOneConnection) {
  LoopbackPeer peer{after_welcome([](CollectorPart& collector) {
    collector.acknowledge(hear(collector, 3));
    collector.acknowledge(hear(collector, 2));
  })};
  Output output{towards(peer)};
  // The numbers of the connection are its own: it does not matter where the spool stands.
  EXPECT_EQ(output.send(parcels(1000, 3)).taken, 3U);
  const auto outcome = output.send(parcels(5, 2));
  EXPECT_EQ(outcome.taken, 2U);
  EXPECT_EQ(outcome.refused, 0U);
  EXPECT_EQ(outcome.problem, "");
}

TEST(StreamOutput, KeepsWhatWasAcknowledgedBeforeTheConnectionBroke) {
  LoopbackPeer peer{[](LoopbackPeer::Socket& client) {
    CollectorPart collector{client};
    collector.welcome();
    (void)hear(collector, 3);
    collector.acknowledge(2);
  }};
  Output output{towards(peer)};
  const auto outcome = output.send(parcels(1, 3));
  EXPECT_EQ(outcome.taken, 2U);
  EXPECT_THAT(outcome.problem, HasSubstr("closed the connection"));
  (void)peer.finish();
  EXPECT_THAT(output.send(parcels(3, 1)).problem, HasSubstr("127.0.0.1"));
}

TEST(StreamOutput, WaitsForAcknowledgementNoLongerThanTold) {
  LoopbackPeer peer{after_welcome([](CollectorPart& collector) {
    (void)hear(collector, 2);
    collector.acknowledge(1);
  })};
  Output output{towards(peer, std::chrono::milliseconds{200})};
  const auto outcome = output.send(parcels(1, 2));
  EXPECT_EQ(outcome.taken, 1U);
  EXPECT_THAT(outcome.problem, HasSubstr("not all was acknowledged in time"));
}

TEST(StreamOutput, DoesNotWaitForACollectorThatReadsNothing) {
  std::promise<void> over;
  const LoopbackPeer peer{[&](LoopbackPeer::Socket& client) {
    CollectorPart collector{client};
    collector.welcome();
    over.get_future().wait();
  }};
  Output output{towards(peer, std::chrono::milliseconds{200})};
  std::vector<Parcel> batch;
  for (std::uint64_t number = 1; number <= 20; ++number) {
    batch.push_back(parcel(number, std::size_t{1} << 20U));
  }
  const auto outcome = output.send(batch);
  over.set_value();
  EXPECT_EQ(outcome.taken, 0U);
  EXPECT_THAT(outcome.problem, HasSubstr("takes nothing more"));
}

/// Who says nothing, in as many words as it takes until nobody listens any more. It ends all the
/// same, so that a test that fails does so.
void babble(CollectorPart& collector, const std::string& word) {
  std::string words;
  while (words.size() < 4096) { words += word; }
  const auto end = net::in(kLong);
  while (std::chrono::steady_clock::now() < end) { collector.say_raw(words); }
}

constexpr std::string_view kEmptyFrame{"\0", 1};

TEST(StreamOutput, LeavesACollectorThatTalksWithoutEndAfterItsAcknowledgement) {
  LoopbackPeer peer{after_welcome([](CollectorPart& collector) {
    collector.acknowledge(hear(collector, 1));
    babble(collector, std::string{kEmptyFrame});
  })};
  Output output{towards(peer, std::chrono::milliseconds{200})};
  EXPECT_EQ(output.send(parcels(1, 1)).taken, 1U);
  const auto outcome = output.send(parcels(2, 1));
  EXPECT_EQ(outcome.taken, 0U);
  EXPECT_NE(outcome.problem, "");
  EXPECT_NE(peer.finish(), "") << "it was listened to until it had said all";
}

TEST(StreamOutput, LeavesACollectorThatTalksInsteadOfAcknowledging) {
  LoopbackPeer peer{
      after_welcome([](CollectorPart& collector) { babble(collector, std::string{kEmptyFrame}); })};
  Output output{towards(peer, std::chrono::milliseconds{200})};
  const auto outcome = output.send(parcels(1, 1));
  EXPECT_EQ(outcome.taken, 0U);
  EXPECT_THAT(outcome.problem, HasSubstr("not all was acknowledged in time"));
  EXPECT_NE(peer.finish(), "") << "it was listened to until it had said all";
}

TEST(StreamOutput, LeavesACollectorThatTalksInsteadOfGreeting) {
  LoopbackPeer peer{[](LoopbackPeer::Socket& client) {
    CollectorPart collector{client};
    (void)collector.hear();
    babble(collector, std::string{kEmptyFrame});
  }};
  Output output{towards(peer)};
  const auto outcome = output.send(parcels(1, 1));
  EXPECT_EQ(outcome.taken, 0U);
  EXPECT_THAT(outcome.problem, HasSubstr("is it a collector"));
  EXPECT_NE(peer.finish(), "") << "it was listened to until it had said all";
}

TEST(StreamOutput, CountsWhatTheCollectorRejectsAsRefused) {
  LoopbackPeer peer{after_welcome([](CollectorPart& collector) {
    (void)hear(collector, 3);
    collector.reject(1);
    collector.reject(3);
    collector.acknowledge(3);
  })};
  Output output{towards(peer)};
  const auto outcome = output.send(parcels(1, 3));
  EXPECT_EQ(outcome.taken, 3U);
  EXPECT_EQ(outcome.refused, 2U);
  EXPECT_THAT(outcome.problem, HasSubstr("rejects 2 events: not liked"));
}

TEST(StreamOutput, DoesNotSendWhatIsTooLarge) {
  LoopbackPeer peer{
      after_welcome([](CollectorPart& collector) { collector.acknowledge(hear(collector, 2)); })};
  Output output{towards(peer)};
  const std::vector<Parcel> batch{parcel(1, kMaxEventBytes + 1), parcel(2, kMaxEventBytes),
                                  parcel(3, kMaxEventBytes + 1), parcel(4)};
  const auto outcome = output.send(batch);
  EXPECT_EQ(outcome.taken, 4U);
  EXPECT_EQ(outcome.refused, 2U);
  EXPECT_THAT(outcome.problem, HasSubstr("takes no events of more than"));
  const auto alone = output.send({batch.data(), 1});
  EXPECT_EQ(alone.taken, 1U);
  EXPECT_EQ(alone.refused, 1U);
}

TEST(StreamOutput, SaysThatNobodyListens) {
  std::uint16_t port = 0;
  {
    LoopbackPeer gone{[](LoopbackPeer::Socket&) {}};
    port = gone.port();
  }
  Config config;
  config.address = {.host = "127.0.0.1", .port = port};
  Output output{config};
  const auto outcome = output.send(parcels(1, 1));
  EXPECT_EQ(outcome.taken, 0U);
  EXPECT_THAT(outcome.problem, HasSubstr("refused"));
}

}  // namespace
}  // namespace remora::outputs::stream
