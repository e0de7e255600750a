#pragma once

#include <string>

#include "remora/v1/session.pb.h"

namespace remora {

/// "CORP\alice", or the name alone where there is no domain.
[[nodiscard]] std::string account_of(const v1::User& user);

/// Who used the session, in one word: who logged on, as the server says; else the first that was
/// named; null where nobody was.
[[nodiscard]] const v1::User* main_user(const v1::Session& session);

}  // namespace remora
