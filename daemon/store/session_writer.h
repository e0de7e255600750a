#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "daemon/store/row.h"
#include "remora/v1/event.pb.h"

namespace remora::store {

/// Keeps the rows of `sessions`, `users` and `hosts`: what the latest event says of the session.
/// A session's end is later than everything else, whatever the times say and in whatever order
/// events come.
class SessionWriter {
 public:
  explicit SessionWriter(Series& series);

  /// `row` is the event's place in `events`. Kept until `flush`: of one batch only the latest event
  /// of each session is written. `event` is borrowed until then.
  void take(const v1::Event& event, std::int64_t row);
  void flush(Series& series);

 private:
  /// What makes one event later than another; compared in this order.
  struct Standing {
    int closed;  ///< 1 where it is the session's end
    std::int64_t time;
    int rank;
    friend auto operator<=>(const Standing&, const Standing&) = default;
  };
  struct Latest {
    const v1::Session* session;
    Standing standing;
    std::int64_t row;
  };

  void write(const std::string& id, const Latest& latest, Series& series);
  void write_users(const v1::Session& session, const std::string& id, Series& series);
  void write_hosts(const v1::Session& session, const std::string& id, Series& series);
  void add_host(const std::string& id, const std::string& role, const std::string& name,
                Series& series);

  sqlite::Statement upsert_;
  sqlite::Statement forget_users_;
  sqlite::Statement forget_hosts_;
  sqlite::Statement add_user_;
  sqlite::Statement add_host_;
  std::map<std::string, Latest> latest_;
};

}  // namespace remora::store
