#include "daemon/store/query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/store/made_events.h"

namespace remora::store {
namespace {

using testing::ElementsAre;

struct QueryTest : testing::Test {
  QueryTest() {
    auto store = open_store(file.path());
    auto first = closed("s1", 100, "Eva");
    auto& one = *first.mutable_session_closed()->mutable_session();
    one.mutable_opened()->set_seconds(10);
    one.mutable_users(0)->set_domain("CORP");
    one.mutable_client()->set_fqdn("PC7.corp.example");
    auto second = closed("s2", 200, "MÜLLER");
    auto& two = *second.mutable_session_closed()->mutable_session();
    two.set_kind(v1::Session::REMOTE_ASSISTANCE);
    two.mutable_opened()->set_seconds(150);
    two.mutable_server()->set_address("2001:db8::7");
    two.add_path()->set_address("203.0.113.9");
    two.mutable_path(0)->set_name("gw.example");
    add(store, {first, second, opened("s3", 300, "eva")});
  }

  std::vector<std::string> find(const SessionFilter& filter) const {
    auto database = open_to_read(file.path());
    EXPECT_TRUE(database.has_value());
    std::vector<std::string> found;
    const auto read = read_sessions(*database, filter, [&](const v1::Session& session) {
      found.push_back(session.session_id());
      return true;
    });
    EXPECT_EQ(read, 0U);
    return found;
  }

  ScratchFile file;
};

TEST_F(QueryTest, FindsAllTheNewestFirst) {
  EXPECT_THAT(find({}), ElementsAre("s3", "s2", "s1"));
  EXPECT_THAT(find({.oldest_first = true}), ElementsAre("s1", "s2", "s3"));
}

TEST_F(QueryTest, FindsUsersByAccountAndDomain) {
  EXPECT_THAT(find({.user = "EVA"}), ElementsAre("s3", "s1"));
  EXPECT_THAT(find({.user = "corp\\eva"}), ElementsAre("s1"));
  EXPECT_THAT(find({.user = "eva@CORP"}), ElementsAre("s1"));
  EXPECT_THAT(find({.user = "müller"}), ElementsAre("s2"));
  EXPECT_THAT(find({.user = "other\\eva"}), ElementsAre());
  EXPECT_THAT(find({.user = "ev"}), ElementsAre());
}

TEST_F(QueryTest, FindsHostsByAddressAndName) {
  EXPECT_THAT(find({.host = "192.0.2.1"}), ElementsAre("s3", "s2", "s1"));
  EXPECT_THAT(find({.host = "198.51.100.7"}), ElementsAre("s3", "s1"));
  EXPECT_THAT(find({.host = "2001:DB8:0::7"}), ElementsAre("s2"));
  EXPECT_THAT(find({.host = "pc7.CORP.example."}), ElementsAre("s1"));
  EXPECT_THAT(find({.host = "Pc7"}), ElementsAre("s1"));
  EXPECT_THAT(find({.host = "203.0.113.9"}), ElementsAre("s2"));
  EXPECT_THAT(find({.host = "GW.example"}), ElementsAre("s2"));
  EXPECT_THAT(find({.host = "192"}), ElementsAre());
  EXPECT_THAT(find({.host = "pc"}), ElementsAre());
}

TEST_F(QueryTest, FindsWhatWasOpenAtTheTime) {
  EXPECT_THAT(find({.since = 100 * kSecond}), ElementsAre("s3", "s2", "s1"));
  EXPECT_THAT(find({.since = 101 * kSecond}), ElementsAre("s3", "s2"));
  EXPECT_THAT(find({.until = 150 * kSecond}), ElementsAre("s1"));
  EXPECT_THAT(find({.until = 151 * kSecond}), ElementsAre("s2", "s1"));
  EXPECT_THAT(find({.since = 50 * kSecond, .until = 60 * kSecond}), ElementsAre("s1"));
  EXPECT_THAT(find({.since = 120 * kSecond, .until = 130 * kSecond}), ElementsAre());
}

TEST_F(QueryTest, FindsKinds) {
  EXPECT_THAT(find({.kind = v1::Session::REMOTE_ASSISTANCE}), ElementsAre("s2"));
  EXPECT_THAT(find({.user = "eva", .kind = v1::Session::RDP}), ElementsAre("s3", "s1"));
}

TEST_F(QueryTest, FindsSoManyAndNoMore) {
  EXPECT_THAT(find({.limit = 2}), ElementsAre("s3", "s2"));
  EXPECT_THAT(find({.limit = UINT64_MAX}), ElementsAre("s3", "s2", "s1"));
  auto database = open_to_read(file.path());
  int taken = 0;
  ASSERT_TRUE(
      read_sessions(*database, {}, [&](const v1::Session&) { return ++taken < 2; }).has_value());
  EXPECT_EQ(taken, 2);
}

TEST_F(QueryTest, TakesNoWordOfTheUserForSql) {
  for (const char* word : {"' OR 1=1 --", "eva' --", "%", "_va", "\"", "\\", "eva\\", "@", "*"}) {
    EXPECT_THAT(find({.user = word}), ElementsAre()) << word;
    EXPECT_THAT(find({.host = word}), ElementsAre()) << word;
  }
  EXPECT_THAT(find({}), ElementsAre("s3", "s2", "s1"));
}

TEST_F(QueryTest, PassesOverWhatCannotBeRead) {
  // No event, and one of no session.
  for (const auto& damage : {std::string{"x'ff'"}, std::string{"x'0a0165'"}}) {
    ASSERT_TRUE(sqlite::Database::open(file.path())
                    ->execute("UPDATE events SET event = " + damage + " WHERE session_id = 's2'")
                    .has_value());
    auto database = open_to_read(file.path());
    std::vector<std::string> found;
    const auto read = read_sessions(*database, {}, [&](const v1::Session& session) {
      found.push_back(session.session_id());
      return true;
    });
    ASSERT_TRUE(read.has_value()) << read.error().text;
    EXPECT_EQ(*read, 1U);
    EXPECT_THAT(found, ElementsAre("s3", "s1"));
  }
}

}  // namespace
}  // namespace remora::store
