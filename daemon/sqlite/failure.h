#pragma once

#include <string>

struct sqlite3;

namespace remora::sqlite {

/// Why SQLite did not do something.
struct Failure {
  int code;          ///< SQLite's extended result code, https://sqlite.org/rescode.html
  std::string text;  ///< which file, what is wrong, what to do; nothing of what is stored

  /// The disk, or the size that the database may have, is used up.
  [[nodiscard]] bool is_full() const;
  /// The disk does not read or write.
  [[nodiscard]] bool is_disk() const;
  /// The file is no database, or a broken one.
  [[nodiscard]] bool is_damaged() const;
  /// Another process holds the lock longer than the caller had patience.
  [[nodiscard]] bool is_busy() const;
  /// It cannot be opened or written: no such file, no permission, a read-only disk.
  [[nodiscard]] bool is_denied() const;
};

/// What the last call on `database` failed with; `code` is what that call returned.
[[nodiscard]] Failure failure_of(sqlite3* database, int code);

}  // namespace remora::sqlite
