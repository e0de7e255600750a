#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include <tl/expected.hpp>

#include "daemon/sqlite/failure.h"

struct sqlite3_stmt;

namespace remora::sqlite {

enum class Step : std::uint8_t { kRow, kDone, kFailed };

/// One prepared statement, to be used again and again: bind, step to the end, reset. Made by
/// `Database::prepare`, of which it must not outlive the use.
///
/// Positions of parameters begin with 1, columns with 0, as in SQLite. A parameter that cannot be
/// bound makes the next `step` fail.
class Statement {
 public:
  /// Takes over `statement`; every `step` of a null one fails.
  explicit Statement(sqlite3_stmt* statement) : statement_{statement} {}

  void bind(int position, std::int64_t value);
  /// UTF-8. Borrowed until `reset`.
  void bind(int position, std::string_view text);
  /// Borrowed until `reset`.
  void bind_blob(int position, std::string_view bytes);
  void bind_null(int position);

  [[nodiscard]] Step step();
  /// Why the last `step` failed.
  [[nodiscard]] const Failure& failure() const { return failure_; }
  /// Ready for the next use; what was bound is forgotten.
  void reset();
  /// `step` to the end, and `reset`: for statements whose rows nobody wants.
  [[nodiscard]] tl::expected<void, Failure> run();

  /// How many columns its rows have; 0 where it gives none.
  [[nodiscard]] int columns() const;
  /// A column of the row that `step` came to; 0 or empty for NULL. Texts and blobs live until the
  /// next `step` or `reset`.
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] std::string_view blob(int column) const;
  [[nodiscard]] bool is_null(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  void note(int code);
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  Failure failure_{};
};

}  // namespace remora::sqlite
