#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "daemon/sqlite/failure.h"
#include "daemon/sqlite/statement.h"
#include "daemon/sqlite/transaction.h"

struct sqlite3;

namespace remora::sqlite {

struct OpenOptions {
  bool read_only{false};
  bool create{true};    ///< when there is no such file; without meaning for `read_only`
  bool damaged{false};  ///< read what can be read; only with `read_only`
  std::chrono::milliseconds patience{5000};  ///< how long another process's lock is waited for
};

/// A connection to a database file. Used by one thread at a time.
class Database {
 public:
  /// Does not read the file yet: whether it is a database shows with the first statement. A new
  /// file has mode 0600, and so have the journals beside it.
  [[nodiscard]] static tl::expected<Database, Failure> open(const std::string& path,
                                                            OpenOptions options = {});

  /// The first bytes of the file as they stand there, at most `most`: without locks and journals,
  /// and whether or not it is a database. Whoever reads them by other means takes this process's
  /// locks away when they close the file, https://sqlite.org/howtocorrupt.html 2.2.
  [[nodiscard]] tl::expected<std::string, Failure> head(std::size_t most);

  /// Runs statements that need no parameters, separated by semicolons; rows are passed over.
  [[nodiscard]] tl::expected<void, Failure> execute(const std::string& sql);
  /// `sql` is one statement.
  [[nodiscard]] tl::expected<Statement, Failure> prepare(std::string_view sql);
  /// The number in the first column of the first row; 0 without a row. For pragmas and counts.
  [[nodiscard]] tl::expected<std::int64_t, Failure> number(std::string_view sql);

  /// Begins to write (BEGIN IMMEDIATE): others may read, nobody else may write until it ends.
  [[nodiscard]] tl::expected<Transaction, Failure> begin();

  /// PRAGMA user_version: which shape the tables have; 0 in a new file.
  [[nodiscard]] tl::expected<std::int64_t, Failure> version();
  [[nodiscard]] tl::expected<void, Failure> set_version(std::int64_t version);

  /// Reads the whole file and fails with `is_damaged` when something in it is broken. Takes a
  /// second or so for each gigabyte.
  [[nodiscard]] tl::expected<void, Failure> quick_check();

  /// Rows that the last INSERT, UPDATE or DELETE changed.
  [[nodiscard]] std::int64_t changes() const;
  /// The rowid of the last row that was inserted.
  [[nodiscard]] std::int64_t last_row() const;

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  explicit Database(sqlite3* database) : database_{database} {}
  std::unique_ptr<sqlite3, Close> database_;
};

}  // namespace remora::sqlite
