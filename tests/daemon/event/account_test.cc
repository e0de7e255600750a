#include "daemon/event/account.h"

#include <gtest/gtest.h>

namespace remora {
namespace {

TEST(Account, IsWrittenWithItsDomain) {
  v1::User user;
  user.set_name("alice");
  EXPECT_EQ(account_of(user), "alice");
  user.set_domain("CORP");
  EXPECT_EQ(account_of(user), "CORP\\alice");
}

TEST(MainUser, IsWhoLoggedOnElseTheFirst) {
  v1::Session session;
  EXPECT_EQ(main_user(session), nullptr);
  session.add_users()->set_name("first");
  session.add_users()->set_name("second");
  EXPECT_EQ(main_user(session)->name(), "first");
  session.mutable_users(1)->set_source(v1::User::SAVE_SESSION_INFO);
  EXPECT_EQ(main_user(session)->name(), "second");
}

}  // namespace
}  // namespace remora
