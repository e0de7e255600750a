#include "daemon/sqlite/statement.h"

#include <sqlite3.h>

namespace remora::sqlite {
namespace {

/// SQLite takes a null pointer for NULL, which an empty text is not.
const char* begin_of(std::string_view bytes) {
  return bytes.data() == nullptr ? "" : bytes.data();
}

std::string_view view(const void* bytes, int size) {
  if (bytes == nullptr) { return {}; }
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  (void)sqlite3_finalize(statement);
}

void Statement::note(int code) {
  if (code == SQLITE_OK || failure_.code != SQLITE_OK) { return; }
  failure_ = failure_of(sqlite3_db_handle(statement_.get()), code);
}

void Statement::bind(int position, std::int64_t value) {
  note(sqlite3_bind_int64(statement_.get(), position, value));
}

void Statement::bind(int position, std::string_view text) {
  note(sqlite3_bind_text64(statement_.get(), position, begin_of(text), text.size(), SQLITE_STATIC,
                           SQLITE_UTF8));
}

void Statement::bind_blob(int position, std::string_view bytes) {
  note(sqlite3_bind_blob64(statement_.get(), position, begin_of(bytes), bytes.size(),
                           SQLITE_STATIC));
}

void Statement::bind_null(int position) {
  note(sqlite3_bind_null(statement_.get(), position));
}

Step Statement::step() {
  if (failure_.code != SQLITE_OK) { return Step::kFailed; }
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) { return Step::kRow; }
  if (code == SQLITE_DONE) { return Step::kDone; }
  note(code);
  return Step::kFailed;
}

void Statement::reset() {
  failure_ = {};
  if (statement_ == nullptr) { return; }
  // It repeats the code of the last step, which was told already.
  (void)sqlite3_reset(statement_.get());
  (void)sqlite3_clear_bindings(statement_.get());
}

tl::expected<void, Failure> Statement::run() {
  auto state = step();
  while (state == Step::kRow) { state = step(); }
  auto failure = failure_;
  reset();
  if (state == Step::kFailed) { return tl::unexpected{std::move(failure)}; }
  return {};
}

int Statement::columns() const {
  return sqlite3_column_count(statement_.get());
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string_view Statement::text(int column) const {
  const auto* text = sqlite3_column_text(statement_.get(), column);
  return view(text, sqlite3_column_bytes(statement_.get(), column));
}

std::string_view Statement::blob(int column) const {
  const auto* bytes = sqlite3_column_blob(statement_.get(), column);
  return view(bytes, sqlite3_column_bytes(statement_.get(), column));
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

}  // namespace remora::sqlite
