#include "daemon/sqlite/transaction.h"

#include <sqlite3.h>

namespace remora::sqlite {

Transaction::~Transaction() {
  roll_back();
}

void Transaction::roll_back() {
  if (database_ == nullptr) { return; }
  // SQLite has undone it already after some failures, such as a full disk.
  if (sqlite3_get_autocommit(database_) == 0) {
    (void)sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr);
  }
  database_ = nullptr;
}

tl::expected<void, Failure> Transaction::commit() {
  const int code = sqlite3_exec(database_, "COMMIT", nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) {
    auto failure = failure_of(database_, code);
    roll_back();
    return tl::unexpected{std::move(failure)};
  }
  database_ = nullptr;
  return {};
}

}  // namespace remora::sqlite
