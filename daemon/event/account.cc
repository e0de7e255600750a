#include "daemon/event/account.h"

#include <algorithm>

namespace remora {

std::string account_of(const v1::User& user) {
  return user.domain().empty() ? user.name() : user.domain() + '\\' + user.name();
}

const v1::User* main_user(const v1::Session& session) {
  if (session.users().empty()) { return nullptr; }
  const auto told =
      std::ranges::find(session.users(), v1::User::SAVE_SESSION_INFO, &v1::User::source);
  return told == session.users().end() ? &session.users(0) : &*told;
}

}  // namespace remora
