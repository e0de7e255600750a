#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>
#include <tl/expected.hpp>

#include "daemon/sqlite/database.h"

namespace remora::store {

/// Nanoseconds since 1970. LIMIT: times before 1678 and after 2262 become these ends.
[[nodiscard]] std::int64_t to_nanoseconds(const google::protobuf::Timestamp& time);
/// Nanoseconds, at most 292 years.
[[nodiscard]] std::int64_t to_nanoseconds(const google::protobuf::Duration& duration);

/// Binds a statement's parameters in their order. Texts are borrowed until the statement is reset;
/// an empty text is NULL: not known.
class Row {
 public:
  explicit Row(sqlite::Statement& statement) : statement_{&statement} {}

  Row& text(std::string_view text);
  Row& text(const char* literal) { return text(std::string_view{literal}); }
  /// A text that is gone before the statement runs.
  Row& text(std::string&& gone) = delete;
  Row& number(std::int64_t number);
  Row& blob(std::string_view bytes);
  Row& null();
  Row& number_if(bool known, std::int64_t number) { return known ? this->number(number) : null(); }
  Row& text_if(bool known, std::string&& gone) = delete;
  Row& text_if(bool known, std::string_view text) { return known ? this->text(text) : null(); }

 private:
  sqlite::Statement* statement_;
  int position_{0};
};

/// Statements that are prepared and run one after the other. After the first failure nothing else
/// happens, so that only the end has to be looked at.
class Series {
 public:
  explicit Series(sqlite::Database& database) : database_{&database} {}

  [[nodiscard]] sqlite::Statement prepare(std::string_view sql);
  /// Rows changed; 0 after a failure.
  std::int64_t run(sqlite::Statement& statement);
  [[nodiscard]] bool failed() const { return failure_.has_value(); }
  [[nodiscard]] tl::expected<void, sqlite::Failure> result() const;
  void fail(sqlite::Failure failure);

 private:
  sqlite::Database* database_;
  std::optional<sqlite::Failure> failure_;
};

}  // namespace remora::store
