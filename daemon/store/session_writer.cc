#include "daemon/store/session_writer.h"

#include "daemon/event/account.h"
#include "daemon/event/session_of.h"
#include "daemon/store/fold.h"

namespace remora::store {
namespace {

constexpr const char* kUpsert = R"sql(
INSERT INTO sessions(session_id, kind, direction, initiator, opened_ns, accepted_ns, closed_ns,
  duration_ns, active_ns, client_address, client_port, client_name, server_address, server_port,
  server_name, user, protocol, encryption, outcome, end_reason, error, ticket_id, client_bytes,
  server_bytes, last_ns, told_ns, told_rank, event)
VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT(session_id) DO UPDATE SET
  kind = excluded.kind, direction = excluded.direction, initiator = excluded.initiator,
  opened_ns = excluded.opened_ns, accepted_ns = excluded.accepted_ns,
  closed_ns = excluded.closed_ns, duration_ns = excluded.duration_ns,
  active_ns = excluded.active_ns, client_address = excluded.client_address,
  client_port = excluded.client_port, client_name = excluded.client_name,
  server_address = excluded.server_address, server_port = excluded.server_port,
  server_name = excluded.server_name, user = excluded.user, protocol = excluded.protocol,
  encryption = excluded.encryption, outcome = excluded.outcome, end_reason = excluded.end_reason,
  error = excluded.error, ticket_id = excluded.ticket_id, client_bytes = excluded.client_bytes,
  server_bytes = excluded.server_bytes, last_ns = excluded.last_ns, told_ns = excluded.told_ns,
  told_rank = excluded.told_rank, event = excluded.event
WHERE (excluded.told_rank = 2, excluded.told_ns, excluded.told_rank) >= (told_rank = 2, told_ns, told_rank)
)sql";

constexpr int kClosedRank = 2;

/// An end is later than what came between, which is later than the beginning.
int rank_of(const v1::Event& event) {
  if (event.has_session_closed()) { return kClosedRank; }
  return event.has_session_opened() ? 0 : 1;
}

std::string error_of(const v1::Session& session) {
  if (!session.has_error()) { return {}; }
  return session.error().name().empty() ? std::to_string(session.error().code())
                                        : session.error().name();
}

const std::string& encryption_of(const v1::Session& session) {
  const auto& tls = session.security().tls().version();
  return tls.empty() ? session.security().encryption_method() : tls;
}

void bind_end(Row& row, const v1::Endpoint& end) {
  row.text(end.address()).number_if(end.has_port(), end.port()).text(end.fqdn());
}

}  // namespace

SessionWriter::SessionWriter(Series& series)
    : upsert_{series.prepare(kUpsert)},
      forget_users_{series.prepare("DELETE FROM users WHERE session_id = ?")},
      forget_hosts_{series.prepare("DELETE FROM hosts WHERE session_id = ?")},
      add_user_{series.prepare("INSERT INTO users VALUES(?, ?, ?, ?, ?, ?, ?, ?)")},
      add_host_{series.prepare("INSERT OR IGNORE INTO hosts VALUES(?, ?, ?)")} {}

void SessionWriter::take(const v1::Event& event, std::int64_t row) {
  const auto* session = session_of(event);
  if (session == nullptr || event.session_id().empty()) { return; }
  const int rank = rank_of(event);
  const Latest latest{.session = session,
                      .standing = {.closed = rank == kClosedRank ? 1 : 0,
                                   .time = to_nanoseconds(event.time()),
                                   .rank = rank},
                      .row = row};
  const auto [known, added] = latest_.try_emplace(event.session_id(), latest);
  if (!added && latest.standing >= known->second.standing) { known->second = latest; }
}

void SessionWriter::flush(Series& series) {
  for (const auto& [id, latest] : latest_) { write(id, latest, series); }
  latest_.clear();
}

void SessionWriter::write(const std::string& id, const Latest& latest, Series& series) {
  const auto& session = *latest.session;
  const auto* main = main_user(session);
  const auto user = main == nullptr ? std::string{} : account_of(*main);
  const auto error = error_of(session);
  const auto protocol = session.negotiation().selected_protocol();
  const auto last = session.has_closed() ? to_nanoseconds(session.closed()) : latest.standing.time;
  Row row{upsert_};
  row.text(id)
      .text_if(session.kind() != 0, v1::Session::Kind_Name(session.kind()))
      .text_if(session.direction() != 0, v1::Session::Direction_Name(session.direction()))
      .text_if(session.initiator() != 0, v1::Session::Initiator_Name(session.initiator()))
      .number_if(session.has_opened(), to_nanoseconds(session.opened()))
      .number_if(session.has_accepted(), to_nanoseconds(session.accepted()))
      .number_if(session.has_closed(), to_nanoseconds(session.closed()))
      .number_if(session.has_duration(), to_nanoseconds(session.duration()))
      .number_if(session.has_active_duration(), to_nanoseconds(session.active_duration()));
  bind_end(row, session.client());
  bind_end(row, session.server());
  row.text(user)
      .text_if(protocol != 0, v1::Negotiation::Protocol_Name(protocol))
      .text(encryption_of(session))
      .text_if(session.outcome() != 0, v1::Session::Outcome_Name(session.outcome()))
      .text_if(session.end_reason() != 0, v1::Session::EndReason_Name(session.end_reason()))
      .text(error)
      .text(session.ticket_id())
      .number(static_cast<std::int64_t>(session.totals().client_bytes()))
      .number(static_cast<std::int64_t>(session.totals().server_bytes()))
      .number(last)
      .number(latest.standing.time)
      .number(latest.standing.rank)
      .number(latest.row);
  if (series.run(upsert_) == 0) { return; }
  write_users(session, id, series);
  write_hosts(session, id, series);
}

void SessionWriter::write_users(const v1::Session& session, const std::string& id, Series& series) {
  Row{forget_users_}.text(id);
  series.run(forget_users_);
  int position = 0;
  const auto add = [&](const v1::User& user, const std::string& source) {
    const auto name = fold(user.name());
    const auto domain = fold(user.domain());
    Row{add_user_}
        .text(id)
        .number(position++)
        .text(user.name())
        .text(user.domain())
        .text(source)
        .text_if(user.certainty() != 0, v1::Knowledge::Certainty_Name(user.certainty()))
        .text(name)
        .text(domain);
    series.run(add_user_);
  };
  for (const auto& user : session.users()) { add(user, v1::User::Source_Name(user.source())); }
  if (session.negotiation().cookie().empty()) { return; }
  v1::User hinted;
  hinted.set_name(session.negotiation().cookie());
  add(hinted, "COOKIE");
}

void SessionWriter::write_hosts(const v1::Session& session, const std::string& id, Series& series) {
  Row{forget_hosts_}.text(id);
  series.run(forget_hosts_);
  const auto add_end = [&](const v1::Endpoint& end, const std::string& role) {
    add_host(id, role, end.address(), series);
    add_host(id, role, end.fqdn(), series);
    for (const auto& name : end.names()) { add_host(id, role, name.name(), series); }
  };
  add_end(session.client(), v1::PathEntry::Role_Name(v1::PathEntry::CLIENT));
  add_end(session.server(), v1::PathEntry::Role_Name(v1::PathEntry::SERVER));
  for (const auto& entry : session.path()) {
    const auto& role = v1::PathEntry::Role_Name(entry.role());
    add_host(id, role, entry.address(), series);
    add_host(id, role, entry.name(), series);
  }
}

void SessionWriter::add_host(const std::string& id, const std::string& role,
                             const std::string& name, Series& series) {
  if (name.empty()) { return; }
  const auto host = fold_host(name);
  const std::string_view known = role.empty() ? std::string_view{"UNKNOWN"} : role;
  Row{add_host_}.text(id).text(known).text(host);
  series.run(add_host_);
}

}  // namespace remora::store
