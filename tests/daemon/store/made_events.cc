#include "tests/daemon/store/made_events.h"

#include <gtest/gtest.h>

namespace remora::store {
namespace {

/// Times of sessions count from here.
void fill(const std::string& id, std::int64_t second, const std::string& user, v1::Session& to) {
  to.set_session_id(id);
  to.set_kind(v1::Session::RDP);
  to.set_direction(v1::Session::FORWARD);
  to.mutable_client()->set_address("192.0.2.1");
  to.mutable_client()->set_port(50000);
  to.mutable_server()->set_address("198.51.100.7");
  to.mutable_server()->set_port(3389);
  to.mutable_opened()->set_seconds(second);
  if (!user.empty()) { to.add_users()->set_name(user); }
}

}  // namespace

v1::Event made_event(const std::string& id, const std::string& session, std::int64_t second) {
  v1::Event event;
  event.set_event_id(id);
  event.set_session_id(session);
  event.mutable_time()->set_seconds(second);
  event.set_certainty(v1::Knowledge::OBSERVED);
  return event;
}

v1::Event opened(const std::string& session, std::int64_t second, const std::string& user) {
  auto event = made_event(session + "-opened-" + std::to_string(second), session, second);
  fill(session, second, user, *event.mutable_session_opened()->mutable_session());
  return event;
}

v1::Event updated(const std::string& session, std::int64_t second, const std::string& user) {
  auto event = made_event(session + "-updated-" + std::to_string(second), session, second);
  fill(session, second, user, *event.mutable_session_updated()->mutable_session());
  return event;
}

v1::Event closed(const std::string& session, std::int64_t second, const std::string& user) {
  auto event = made_event(session + "-closed-" + std::to_string(second), session, second);
  auto& told = *event.mutable_session_closed()->mutable_session();
  fill(session, second, user, told);
  told.mutable_closed()->set_seconds(second);
  told.set_outcome(v1::Session::ESTABLISHED);
  told.set_end_reason(v1::Session::CLIENT_CLOSED);
  return event;
}

std::size_t add(Store& store, const std::vector<v1::Event>& events) {
  std::vector<std::string> bytes;
  bytes.reserve(events.size());
  std::vector<Entry> entries;
  for (const auto& event : events) {
    entries.push_back({.event = &event, .bytes = bytes.emplace_back(event.SerializeAsString())});
  }
  const auto added = store.add(entries);
  EXPECT_TRUE(added.has_value()) << added.error().text;
  return added.value_or(0);
}

Store open_store(const std::string& path, const StoreOptions& options) {
  auto store = Store::open(path, options);
  EXPECT_TRUE(store.has_value()) << store.error();
  return std::move(*store);
}

std::vector<std::string> rows(const std::string& path, const std::string& sql) {
  auto database = open_to_read(path);
  EXPECT_TRUE(database.has_value()) << database.error();
  auto statement = database->prepare(sql);
  EXPECT_TRUE(statement.has_value()) << statement.error().text;
  std::vector<std::string> found;
  while (statement->step() == sqlite::Step::kRow) {
    std::string row;
    for (int column = 0; column < statement->columns(); ++column) {
      row += column == 0 ? "" : "|";
      row += statement->is_null(column) ? "-" : statement->text(column);
    }
    found.push_back(row);
  }
  EXPECT_EQ(statement->failure().text, "");
  return found;
}

}  // namespace remora::store
