#include "daemon/store/row.h"

#include <algorithm>
#include <utility>

namespace remora::store {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
/// Whole seconds that fit beside any fraction.
constexpr std::int64_t kMostSeconds = INT64_MAX / kSecond - 1;

std::int64_t nanoseconds(std::int64_t seconds, std::int32_t nanos) {
  return std::clamp(seconds, -kMostSeconds, kMostSeconds) * kSecond + nanos;
}

}  // namespace

std::int64_t to_nanoseconds(const google::protobuf::Timestamp& time) {
  return nanoseconds(time.seconds(), time.nanos());
}

std::int64_t to_nanoseconds(const google::protobuf::Duration& duration) {
  return nanoseconds(duration.seconds(), duration.nanos());
}

Row& Row::text(std::string_view text) {
  if (text.empty()) { return null(); }
  statement_->bind(++position_, text);
  return *this;
}

Row& Row::number(std::int64_t number) {
  statement_->bind(++position_, number);
  return *this;
}

Row& Row::blob(std::string_view bytes) {
  statement_->bind_blob(++position_, bytes);
  return *this;
}

Row& Row::null() {
  statement_->bind_null(++position_);
  return *this;
}

sqlite::Statement Series::prepare(std::string_view sql) {
  if (!failed()) {
    auto prepared = database_->prepare(sql);
    if (prepared.has_value()) { return std::move(*prepared); }
    fail(std::move(prepared.error()));
  }
  return sqlite::Statement{nullptr};
}

std::int64_t Series::run(sqlite::Statement& statement) {
  if (failed()) {
    statement.reset();
    return 0;
  }
  auto done = statement.run();
  if (!done.has_value()) {
    fail(std::move(done.error()));
    return 0;
  }
  return database_->changes();
}

tl::expected<void, sqlite::Failure> Series::result() const {
  if (failure_.has_value()) { return tl::unexpected{*failure_}; }
  return {};
}

void Series::fail(sqlite::Failure failure) {
  if (!failed()) { failure_ = std::move(failure); }
}

}  // namespace remora::store
