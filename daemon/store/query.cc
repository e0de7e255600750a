#include "daemon/store/query.h"

#include <algorithm>
#include <cctype>
#include <deque>
#include <sqlite3.h>
#include <variant>

#include "daemon/event/session_of.h"
#include "daemon/store/fold.h"

namespace remora::store {
namespace {

using sqlite::Failure;
using sqlite::Step;

/// A query that grows piece by piece. The pieces are constants of this file: what the caller gave
/// is bound, never written into the text.
class Query {
 public:
  explicit Query(std::string sql) : sql_{std::move(sql)} {}
  void add(const char* piece) { sql_ += piece; }
  void bind(std::int64_t value) { values_.emplace_back(value); }
  void bind(std::string value) { values_.emplace_back(std::move(value)); }

  /// The values live in the query.
  [[nodiscard]] tl::expected<sqlite::Statement, Failure> prepare(sqlite::Database& database) const {
    auto statement = database.prepare(sql_);
    if (!statement.has_value()) { return statement; }
    int position = 0;
    for (const auto& value : values_) {
      ++position;
      if (const auto* text = std::get_if<std::string>(&value)) {
        statement->bind(position, std::string_view{*text});
      } else {
        statement->bind(position, std::get<std::int64_t>(value));
      }
    }
    return statement;
  }

 private:
  std::string sql_;
  std::deque<std::variant<std::int64_t, std::string>> values_;
};

void add_account(const std::string& name, const std::string& domain, Query& query) {
  query.add("(name_folded = ? AND domain_folded = ?)");
  query.bind(name);
  query.bind(domain);
}

void add_user(const std::string& given, Query& query) {
  const auto user = fold(given);
  query.add(" AND s.session_id IN (SELECT session_id FROM users WHERE ");
  if (const auto slash = user.find('\\'); slash != std::string::npos) {
    add_account(user.substr(slash + 1), user.substr(0, slash), query);
  } else {
    query.add("name_folded = ?");
    query.bind(user);
    if (const auto at = user.find('@'); at != std::string::npos) {
      query.add(" OR ");
      add_account(user.substr(0, at), user.substr(at + 1), query);
    }
  }
  query.add(")");
}

/// "pc7" may be "pc7.corp.example"; "10" is no beginning of an address.
bool is_short_name(const std::string& host) {
  return host.find_first_of(".:") == std::string::npos &&
         std::ranges::any_of(host, [](char c) { return c < '0' || c > '9'; });
}

void add_host(const std::string& given, Query& query) {
  const auto host = fold_host(given);
  query.add(" AND s.session_id IN (SELECT session_id FROM hosts WHERE host = ?");
  query.bind(host);
  if (is_short_name(host)) {
    // '/' follows '.' in ASCII: everything that begins with the name and a dot.
    query.add(" OR (host >= ? AND host < ?)");
    query.bind(host + '.');
    query.bind(host + '/');
  }
  query.add(")");
}

Query make_query(const SessionFilter& filter) {
  Query query{"SELECT e.event FROM sessions AS s JOIN events AS e ON e.id = s.event WHERE true"};
  if (!filter.user.empty()) { add_user(filter.user, query); }
  if (!filter.host.empty()) { add_host(filter.host, query); }
  if (filter.kind.has_value()) {
    query.add(" AND s.kind = ?");
    query.bind(v1::Session::Kind_Name(*filter.kind));
  }
  if (filter.since.has_value()) {
    query.add(" AND s.last_ns >= ?");
    query.bind(*filter.since);
  }
  if (filter.until.has_value()) {
    query.add(" AND s.opened_ns < ?");
    query.bind(*filter.until);
  }
  query.add(filter.oldest_first ? " ORDER BY s.opened_ns, s.session_id"
                                : " ORDER BY s.opened_ns DESC, s.session_id DESC");
  if (filter.limit.has_value()) {
    query.add(" LIMIT ?");
    query.bind(static_cast<std::int64_t>(
        std::min<std::uint64_t>(*filter.limit, static_cast<std::uint64_t>(INT64_MAX))));
  }
  return query;
}

}  // namespace

tl::expected<std::uint64_t, Failure> read_sessions(sqlite::Database& database,
                                                   const SessionFilter& filter,
                                                   const SessionTaker& take) {
  const auto query = make_query(filter);
  auto statement = query.prepare(database);
  if (!statement.has_value()) { return tl::unexpected{statement.error()}; }
  std::uint64_t passed_over = 0;
  v1::Event event;
  auto step = statement->step();
  for (; step == Step::kRow; step = statement->step()) {
    const auto bytes = statement->blob(0);
    const bool read = event.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
    const auto* session = read ? session_of(event) : nullptr;
    if (session == nullptr) {
      ++passed_over;
      continue;
    }
    if (!take(*session)) { return passed_over; }
  }
  if (step == Step::kFailed) { return tl::unexpected{statement->failure()}; }
  return passed_over;
}

}  // namespace remora::store
