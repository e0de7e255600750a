#include "daemon/collect/collector.h"

#include <array>
#include <csignal>
#include <fstream>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/net/connection.h"
#include "daemon/outputs/protobuf_stream.h"
#include "daemon/outputs/stream/output.h"
#include "tests/support/made_authority.h"
#include "tests/support/scratch_folder.h"

namespace remora::collect {
namespace {

using delivery::Parcel;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::chrono::seconds kLong{30};

/// A collector in a thread of its own, ended by SIGTERM as people end it.
class Running {
 public:
  explicit Running(const Options& options)
      : collector_{
            Collector::open(options, [this](const auto& text) { reports_.push_back(text); })} {
    if (!collector_.has_value()) { throw std::runtime_error{collector_.error()}; }
    port_ = collector_->port();
    thread_ = std::thread{[this] { ended_ = collector_->run(); }};
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  Running(Running&&) = delete;
  Running& operator=(Running&&) = delete;
  ~Running() { stop(); }

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// Why it failed; empty: it did not.
  std::string stop() {
    if (thread_.joinable()) {
      (void)std::raise(SIGTERM);
      thread_.join();
    }
    return ended_.has_value() ? std::string{} : ended_.error();
  }
  /// After `stop`.
  [[nodiscard]] const std::vector<std::string>& reports() const { return reports_; }

 private:
  std::vector<std::string> reports_;
  tl::expected<Collector, std::string> collector_;
  tl::expected<void, std::string> ended_;
  std::uint16_t port_{0};
  std::thread thread_;
};

[[nodiscard]] std::vector<Parcel> parcels(int first, int count) {
  std::vector<Parcel> made;
  for (int number = first; number < first + count; ++number) {
    v1::Event event;
    event.set_event_id("event " + std::to_string(number));
    event.mutable_sensor()->set_name("branch");
    auto bytes = event.SerializeAsString();
    made.push_back({.number = static_cast<std::uint64_t>(number),
                    .event = std::move(event),
                    .bytes = std::move(bytes)});
  }
  return made;
}

class CollectorTest : public ::testing::Test {
 protected:
  CollectorTest() {
    options.listen = {.host = "127.0.0.1", .port = 0};
    options.output = folder.path() / "events.pb";
  }
  [[nodiscard]] static outputs::stream::Config towards(const Running& collector) {
    outputs::stream::Config config;
    config.address = {.host = "127.0.0.1", .port = collector.port()};
    config.connect_timeout = kLong;
    config.timeout = kLong;
    return config;
  }
  [[nodiscard]] std::vector<std::string> stored() const {
    std::ifstream in{options.output, std::ios::binary};
    outputs::ProtobufStreamReader reader{in};
    std::vector<std::string> ids;
    for (auto event = reader.next(); event.has_value() && event->has_value();
         event = reader.next()) {
      ids.push_back((*event)->event_id());
    }
    return ids;
  }
  /// What a client that says `bytes` hears until the collector closes.
  [[nodiscard]] static std::string answer_to(const Running& collector, const std::string& bytes) {
    auto connection =
        net::Connection::connect({.host = "127.0.0.1", .port = collector.port()}, {}, kLong);
    if (!connection.has_value()) { return connection.error(); }
    (void)connection->write(bytes, net::in(kLong));
    std::string all;
    std::array<char, 512> buffer{};
    auto arrival = connection->read_some(buffer, net::in(kLong));
    while (arrival.what == net::Arrival::What::kBytes) {
      all.append(buffer.data(), arrival.bytes);
      arrival = connection->read_some(buffer, net::in(kLong));
    }
    return all + (arrival.what == net::Arrival::What::kEnd ? "" : " not in order");
  }

  testing::ScratchFolder folder;
  Options options;
};

TEST_F(CollectorTest, StoresWhatTheOutputSendsBeforeItIsTaken) {
  Running collector{options};
  outputs::stream::Output output{towards(collector)};
  for (const int first : {1, 101}) {
    const auto outcome = output.send(parcels(first, 100));
    EXPECT_EQ(outcome.taken, 100U) << outcome.problem;
    EXPECT_EQ(outcome.problem, "");
    EXPECT_EQ(stored().size(), static_cast<std::size_t>(first + 99));
  }
  EXPECT_EQ(stored().back(), "event 200");
  EXPECT_EQ(collector.stop(), "");
  EXPECT_THAT(collector.reports(), IsEmpty());
}

TEST_F(CollectorTest, TakesManyClientsAtOnce) {
  Running collector{options};
  std::vector<std::thread> sensors;
  std::array<std::size_t, 8> taken{};
  for (std::size_t at = 0; at < taken.size(); ++at) {
    sensors.emplace_back([&, at] {
      outputs::stream::Output output{towards(collector)};
      for (int round = 0; round < 10; ++round) {
        taken[at] += output.send(parcels(static_cast<int>(at) * 1000 + round * 50 + 1, 50)).taken;
      }
    });
  }
  for (auto& sensor : sensors) { sensor.join(); }
  EXPECT_THAT(taken, ::testing::Each(500U));
  EXPECT_EQ(stored().size(), 4000U);
}

TEST_F(CollectorTest, SpeaksTlsWithClientCertificates) {
  testing::MadeAuthority authority{folder.path(), "authority"};
  const auto own = authority.make("server", "IP:127.0.0.1");
  const auto sensor = authority.make("sensor", "DNS:branch");
  options.certificate_file = own.certificate;
  options.key_file = own.key;
  options.client_ca_file = authority.file();
  Running collector{options};
  auto config = towards(collector);
  config.tls.enabled = true;
  config.tls.ca_file = authority.file();
  {
    outputs::stream::Output output{config};
    const auto outcome = output.send(parcels(1, 10));
    EXPECT_EQ(outcome.taken, 0U);
    EXPECT_THAT(outcome.problem, HasSubstr("certificate_file"));
  }
  config.tls.certificate_file = sensor.certificate;
  config.tls.key_file = sensor.key;
  outputs::stream::Output output{config};
  const auto outcome = output.send(parcels(1, 1000));
  EXPECT_EQ(outcome.taken, 1000U) << outcome.problem;
  EXPECT_EQ(collector.stop(), "");
  EXPECT_THAT(output.send(parcels(2000, 1)).problem, HasSubstr("refused"));
  EXPECT_EQ(stored().size(), 1000U);
}

TEST_F(CollectorTest, StopsThoughClientsStay) {
  Running collector{options};
  outputs::stream::Output output{towards(collector)};
  EXPECT_EQ(output.send(parcels(1, 1)).taken, 1U);
  const auto silent =
      net::Connection::connect({.host = "127.0.0.1", .port = collector.port()}, {}, kLong);
  EXPECT_TRUE(silent.has_value());
  EXPECT_EQ(collector.stop(), "");
}

TEST_F(CollectorTest, ClosesGarbageAloneAndSaysWhy) {
  Running collector{options};
  outputs::stream::Output output{towards(collector)};
  EXPECT_EQ(output.send(parcels(1, 1)).taken, 1U);
  EXPECT_THAT(answer_to(collector, "GET / HTTP/1.1\r\n" + std::string(300'000, 'x')),
              HasSubstr("a frame cannot be read"));
  EXPECT_EQ(output.send(parcels(2, 1)).taken, 1U);
  EXPECT_THAT(stored(), ElementsAre("event 1", "event 2"));
}

TEST_F(CollectorTest, DoesNotWaitForWhoSaysNothing) {
  options.patience = {.greeting = std::chrono::milliseconds{50},
                      .idle = std::chrono::milliseconds{50}};
  Running collector{options};
  EXPECT_THAT(answer_to(collector, ""), HasSubstr("too long"));
  EXPECT_THAT(answer_to(collector, "\x05half"), HasSubstr("too long"));
}

TEST_F(CollectorTest, TakesNoMoreClientsThanTold) {
  options.max_clients = 1;
  Running collector{options};
  outputs::stream::Output first{towards(collector)};
  EXPECT_EQ(first.send(parcels(1, 1)).taken, 1U);
  outputs::stream::Output second{towards(collector)};
  EXPECT_EQ(second.send(parcels(2, 1)).taken, 0U);
  EXPECT_EQ(first.send(parcels(3, 1)).taken, 1U);
  EXPECT_EQ(collector.stop(), "");
  EXPECT_THAT(collector.reports(), ElementsAre(HasSubstr("--max-clients")));
}

TEST_F(CollectorTest, SaysWhatItCannotUse) {
  const auto problem = [this] {
    const auto collector = Collector::open(options, [](const auto&) {});
    return collector.has_value() ? std::string{} : collector.error();
  };
  options.certificate_file = "/nowhere/own.pem";
  EXPECT_THAT(problem(), HasSubstr("/nowhere/own.pem: no certificate"));
  options.certificate_file.clear();
  options.listen.host = "192.0.2.1";
  EXPECT_THAT(problem(), HasSubstr("192.0.2.1:0: cannot listen"));
  options.output = "/nowhere/events";
  EXPECT_THAT(problem(), HasSubstr("/nowhere/events: "));
}

}  // namespace
}  // namespace remora::collect
