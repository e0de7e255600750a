#include "daemon/sqlite/failure.h"

#include <sqlite3.h>

namespace remora::sqlite {
namespace {

/// The extended codes keep the primary one in their low byte.
int primary(int code) {
  return code & 0xff;
}

const char* advice(const Failure& failure) {
  if (failure.is_full()) { return "; make room, or allow it more"; }
  if (failure.is_disk()) { return "; check the disk"; }
  if (failure.is_damaged()) { return "; move the file away"; }
  if (failure.is_busy()) { return "; another process is writing to it, try again"; }
  if (failure.is_denied()) { return "; check that the path exists and who may write there"; }
  return "";
}

}  // namespace

bool Failure::is_full() const {
  return primary(code) == SQLITE_FULL;
}
bool Failure::is_disk() const {
  return primary(code) == SQLITE_IOERR;
}
bool Failure::is_damaged() const {
  return primary(code) == SQLITE_CORRUPT || primary(code) == SQLITE_NOTADB;
}
bool Failure::is_busy() const {
  return primary(code) == SQLITE_BUSY || primary(code) == SQLITE_LOCKED;
}
bool Failure::is_denied() const {
  return primary(code) == SQLITE_CANTOPEN || primary(code) == SQLITE_READONLY ||
         primary(code) == SQLITE_PERM || primary(code) == SQLITE_AUTH;
}

Failure failure_of(sqlite3* database, int code) {
  const char* path = database == nullptr ? nullptr : sqlite3_db_filename(database, "main");
  // A failed call that did not go through the connection leaves the message of an older one there.
  const bool told = database != nullptr && sqlite3_extended_errcode(database) == code;
  Failure failure{.code = code, .text = path == nullptr || *path == '\0' ? "database" : path};
  failure.text += ": ";
  failure.text += told ? sqlite3_errmsg(database) : sqlite3_errstr(code);
  failure.text += advice(failure);
  return failure;
}

}  // namespace remora::sqlite
