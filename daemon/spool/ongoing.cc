#include "daemon/spool/ongoing.h"

#include <utility>

namespace remora::spool {

using sqlite::Failure;
using sqlite::Step;

tl::expected<Ongoing, Failure> Ongoing::open(sqlite::Database& database, std::uint64_t max_bytes) {
  auto set = database.prepare("INSERT OR REPLACE INTO ongoing VALUES(?, ?)");
  auto drop = database.prepare("DELETE FROM ongoing WHERE id = ? RETURNING length(bytes)");
  auto select = database.prepare("SELECT bytes FROM ongoing ORDER BY id");
  for (auto* statement : {&set, &drop, &select}) {
    if (!statement->has_value()) { return tl::unexpected{std::move(statement->error())}; }
  }
  auto rows = database.number("SELECT count(*) FROM ongoing");
  auto bytes = database.number("SELECT total(length(bytes)) FROM ongoing");
  for (auto* number : {&rows, &bytes}) {
    if (!number->has_value()) { return tl::unexpected{std::move(number->error())}; }
  }
  return Ongoing{
      std::move(*set),
      std::move(*drop),
      std::move(*select),
      {.rows = static_cast<std::size_t>(*rows), .bytes = static_cast<std::uint64_t>(*bytes)},
      max_bytes};
}

Ongoing::Ongoing(sqlite::Statement set, sqlite::Statement drop, sqlite::Statement select, Fill fill,
                 std::uint64_t max_bytes)
    : set_{std::move(set)},
      drop_{std::move(drop)},
      select_{std::move(select)},
      fill_{fill},
      max_bytes_{max_bytes} {}

tl::expected<void, Failure> Ongoing::keep(std::string_view id, std::string_view bytes) {
  if (auto done = drop(id); !done.has_value()) { return done; }
  if (fill_.rows >= kMaxOngoing || fill_.bytes + bytes.size() > max_bytes_) { return {}; }
  set_.bind(1, id);
  set_.bind_blob(2, bytes);
  if (auto done = set_.run(); !done.has_value()) { return done; }
  ++fill_.rows;
  fill_.bytes += bytes.size();
  return {};
}

tl::expected<void, Failure> Ongoing::drop(std::string_view id) {
  drop_.bind(1, id);
  auto step = drop_.step();
  for (; step == Step::kRow; step = drop_.step()) {
    --fill_.rows;
    fill_.bytes -= static_cast<std::uint64_t>(drop_.integer(0));
  }
  const auto failure = drop_.failure();
  drop_.reset();
  if (step == Step::kFailed) { return tl::unexpected{failure}; }
  return {};
}

tl::expected<std::vector<std::string>, Failure> Ongoing::all() {
  std::vector<std::string> events;
  auto step = select_.step();
  for (; step == Step::kRow; step = select_.step()) { events.emplace_back(select_.blob(0)); }
  const auto failure = select_.failure();
  select_.reset();
  if (step == Step::kFailed) { return tl::unexpected{failure}; }
  return events;
}

}  // namespace remora::spool
