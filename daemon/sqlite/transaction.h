#pragma once

#include <utility>

#include <tl/expected.hpp>

#include "daemon/sqlite/failure.h"

struct sqlite3;

namespace remora::sqlite {

/// Changes that happen together or not at all: undone on destruction unless they were committed.
/// Made by `Database::begin`; must not outlive the database.
class Transaction {
 public:
  /// Of a database on which a transaction was begun.
  explicit Transaction(sqlite3* database) : database_{database} {}
  Transaction(Transaction&& other) noexcept : database_{std::exchange(other.database_, nullptr)} {}
  Transaction& operator=(Transaction&&) = delete;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  /// Makes the changes last. When it fails nothing was changed.
  [[nodiscard]] tl::expected<void, Failure> commit();

 private:
  void roll_back();
  sqlite3* database_;
};

}  // namespace remora::sqlite
