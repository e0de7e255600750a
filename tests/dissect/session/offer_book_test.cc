#include "dissect/session/offer_book.h"

#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace remora::session {
namespace {

using observation::OfferSeen;
using std::chrono::minutes;
using std::chrono::seconds;
using Step = OfferSeen::Step;

constexpr Moment kStart{seconds{1'700'000'000}};

class OfferBookTest : public ::testing::Test {
 protected:
  static FlowFacts flow(const char* expert, const char* novice, std::uint16_t port) {
    FlowFacts facts{.id = FrameNumber{port}, .initiator_known = true, .sides = {}};
    facts.sides[0].address = {*IpAddress::parse(expert), Port{50000}};
    facts.sides[1].address = {*IpAddress::parse(novice), Port{port}};
    return facts;
  }
  static OfferSeen step(Step what) {
    return {.service = OfferSeen::Service::kPchService, .step = what, .expert = Side::kInitiator};
  }
  void see(OfferSeen what, Nanoseconds after, std::uint16_t port = 135,
           const char* expert = "192.0.2.1", const char* novice = "192.0.2.2") {
    book_.on_seen(flow(expert, novice, port),
                  {.at = {.time = kStart + after, .frame = FrameNumber{++frame_}},
                   .from = Side::kInitiator,
                   .rule = "test",
                   .what = std::move(what)},
                  told_);
  }

  OfferBook book_;
  std::vector<OfferEvent> told_;
  std::uint64_t frame_{0};
};

TEST_F(OfferBookTest, TellsAnOfferWhenAStringIsGivenWithTheTimeOfItsFirstStep) {
  see(step(Step::kActivation), seconds{0});
  auto asked = step(Step::kAsked);
  asked.user = "helper";
  asked.domain = "CORP";
  asked.novice_user = "carol";
  asked.windows_session_id = 3;
  see(asked, seconds{2}, 1045);
  EXPECT_TRUE(told_.empty());
  see(step(Step::kAnswered), seconds{3}, 1045);
  ASSERT_EQ(told_.size(), 1U);
  EXPECT_EQ(told_[0].at.frame, FrameNumber{1});
  EXPECT_EQ(told_[0].evidence.size(), 3U);
  const auto& offer = told_[0].offer;
  EXPECT_EQ(offer.user->name, "helper");
  EXPECT_EQ(offer.novice_user->name, "carol");
  EXPECT_EQ(offer.windows_session_id, 3U);
  EXPECT_EQ(offer.expert.address.address, IpAddress::parse("192.0.2.1"));
  EXPECT_EQ(offer.novice.address.port, Port{135});
  EXPECT_FALSE(offer.error.has_value());
}

TEST_F(OfferBookTest, KnowsTheServiceByItsPort) {
  auto by_port = step(Step::kAsked);
  by_port.by_port = true;
  const auto listens = [&](const char* expert, std::uint16_t port) {
    return book_.listens(flow(expert, "192.0.2.2", port), by_port);
  };
  EXPECT_FALSE(listens("192.0.2.1", 1045));
  auto mapped = step(Step::kMapped);
  mapped.listeners = {Port{1045}};
  see(mapped, seconds{0});
  EXPECT_TRUE(listens("192.0.2.1", 1045));
  EXPECT_FALSE(listens("192.0.2.1", 1046));
  EXPECT_FALSE(listens("192.0.2.9", 1045)) << "somebody else";
  by_port.service = OfferSeen::Service::kRaSrv;
  EXPECT_FALSE(listens("192.0.2.1", 1045)) << "another service";
}

TEST_F(OfferBookTest, TellsARefusalAfterAWhile) {
  see(step(Step::kActivation), seconds{0});
  auto failed = step(Step::kFailed);
  failed.error = observation::NamedCode{0x80070005, "E_ACCESSDENIED"};
  see(failed, seconds{1});
  book_.advance(kStart + seconds{60}, told_);
  EXPECT_TRUE(told_.empty());
  book_.advance(kStart + seconds{61}, told_);
  ASSERT_EQ(told_.size(), 1U);
  EXPECT_EQ(told_[0].offer.error->name, "E_ACCESSDENIED");
  book_.finish(told_);
  EXPECT_EQ(told_.size(), 1U);
}

TEST_F(OfferBookTest, ForgivesARefusalThatAnotherServiceMakesGood) {
  see(step(Step::kActivation), seconds{0});
  auto failed = step(Step::kFailed);
  failed.error = observation::NamedCode{0x80040154, "REGDB_E_CLASSNOTREG"};
  see(failed, seconds{1});
  see(step(Step::kActivation), seconds{2});
  see(step(Step::kAnswered), seconds{3});
  ASSERT_EQ(told_.size(), 1U);
  EXPECT_FALSE(told_[0].offer.error.has_value());
}

TEST_F(OfferBookTest, BeginsAnewAfterAStringOrTenMinutes) {
  see(step(Step::kActivation), seconds{0});
  see(step(Step::kAnswered), seconds{1});
  see(step(Step::kActivation), seconds{20});
  book_.finish(told_);
  EXPECT_EQ(told_.size(), 2U);
  see(step(Step::kBound), seconds{20} + minutes{11});
  book_.finish(told_);
  EXPECT_EQ(told_.size(), 3U);
}

TEST_F(OfferBookTest, IsNotBegunByAnAnswer) {
  see(step(Step::kAnswered), seconds{0});
  see(step(Step::kLogon), seconds{0});
  book_.finish(told_);
  EXPECT_TRUE(told_.empty());
}

TEST_F(OfferBookTest, JoinsTheConnectionToTheServicesOwnPort) {
  auto activated = step(Step::kActivated);
  activated.listeners = {Port{1045}};
  see(step(Step::kActivation), seconds{0});
  see(activated, seconds{1});
  see(step(Step::kBound), seconds{2}, 1045, "198.51.100.9");  // through another interface
  book_.finish(told_);
  EXPECT_EQ(told_.size(), 1U);
}

TEST_F(OfferBookTest, NamesTheUserOfTheChosenSession) {
  auto list = step(Step::kSessions);
  list.sessions = {{.id = 1, .user = "erin", .domain = "CORP"},
                   {.id = 2, .user = "dave", .domain = "CORP"}};
  see(step(Step::kActivation), seconds{0});
  see(list, seconds{1});
  auto chosen = step(Step::kActivation);
  chosen.windows_session_id = 2;
  see(chosen, seconds{2});
  see(step(Step::kAnswered), seconds{3});
  EXPECT_EQ(told_.at(0).offer.novice_user->name, "dave");
}

TEST_F(OfferBookTest, KnowsWhichSessionFollows) {
  see(step(Step::kActivation), seconds{0});
  const auto expert = *IpAddress::parse("192.0.2.1");
  const auto novice = *IpAddress::parse("192.0.2.2");
  const auto also = *IpAddress::parse("10.0.0.2");
  EXPECT_FALSE(book_.followed_by(expert, novice, kStart + seconds{5}).has_value());
  see(step(Step::kAnswered), seconds{1});
  book_.on_addresses(expert, novice, {novice, also});
  EXPECT_TRUE(book_.followed_by(expert, novice, kStart + seconds{5}).has_value());
  EXPECT_TRUE(book_.followed_by(expert, also, kStart + seconds{5}).has_value());
  EXPECT_FALSE(book_.followed_by(novice, expert, kStart + seconds{5}).has_value());
  EXPECT_FALSE(book_.followed_by(expert, novice, kStart + minutes{12}).has_value());
}

TEST_F(OfferBookTest, IsBounded) {
  for (std::uint32_t number = 0; number < OfferBook::kMaxOffers + 10; ++number) {
    const auto expert = "10.0." + std::to_string(number / 250) + '.' + std::to_string(number % 250);
    see(step(Step::kBound), seconds{0}, 135, expert.c_str());
  }
  EXPECT_EQ(book_.size(), OfferBook::kMaxOffers);
  EXPECT_EQ(told_.size(), 10U);
  book_.advance(kStart + minutes{30}, told_);
  EXPECT_EQ(book_.size(), 0U);
  EXPECT_EQ(told_.size(), OfferBook::kMaxOffers + 10);
}

}  // namespace
}  // namespace remora::session
