#include "daemon/outputs/session_csv.h"

#include <google/protobuf/util/time_util.h>

#include "daemon/event/account.h"

namespace remora::outputs {
namespace {

using google::protobuf::util::TimeUtil;

std::string number_if(bool known, std::uint64_t number) {
  return known ? std::to_string(number) : std::string{};
}

std::string time_text(bool known, const google::protobuf::Timestamp& time) {
  return known ? TimeUtil::ToString(time) : std::string{};
}

/// "12.034", without the unit that protobuf writes behind it.
std::string seconds_text(bool known, const google::protobuf::Duration& duration) {
  if (!known) { return {}; }
  auto text = TimeUtil::ToString(duration);
  text.pop_back();
  return text;
}

std::string named_code(const v1::NamedCode& code) {
  return code.name().empty() ? std::to_string(code.code()) : code.name();
}

void add_end(const v1::Endpoint& end, std::vector<std::string>& cells) {
  cells.push_back(end.address());
  cells.push_back(number_if(end.has_port(), end.port()));
  cells.push_back(end.fqdn());
}

}  // namespace

std::string to_csv_cell(std::string_view text) {
  constexpr std::string_view kFormula = "=+-@\t\r";
  std::string cell;
  if (!text.empty() && kFormula.find(text.front()) != std::string_view::npos) { cell = "'"; }
  cell += text;
  if (cell.find_first_of("\",\r\n") == std::string::npos) { return cell; }
  std::string quoted = "\"";
  for (const char c : cell) {
    if (c == '"') { quoted += '"'; }
    quoted += c;
  }
  return quoted + '"';
}

SessionCsvWriter::SessionCsvWriter(ByteSink& sink) : sink_{&sink} {
  write_line({"opened",         "accepted",    "closed",         "duration_seconds",
              "active_seconds", "kind",        "direction",      "client_address",
              "client_port",    "client_name", "server_address", "server_port",
              "server_name",    "user",        "protocol",       "outcome",
              "end_reason",     "error",       "client_bytes",   "server_bytes",
              "ticket_id",      "session_id"});
}

void SessionCsvWriter::write(const v1::Session& session) {
  const auto* user = main_user(session);
  const auto protocol = session.negotiation().selected_protocol();
  std::vector<std::string> cells{
      time_text(session.has_opened(), session.opened()),
      time_text(session.has_accepted(), session.accepted()),
      time_text(session.has_closed(), session.closed()),
      seconds_text(session.has_duration(), session.duration()),
      seconds_text(session.has_active_duration(), session.active_duration()),
      session.kind() == 0 ? "" : v1::Session::Kind_Name(session.kind()),
      session.direction() == 0 ? "" : v1::Session::Direction_Name(session.direction())};
  add_end(session.client(), cells);
  add_end(session.server(), cells);
  for (auto& cell : std::vector<std::string>{
           user == nullptr ? "" : account_of(*user),
           protocol == 0 ? "" : v1::Negotiation::Protocol_Name(protocol),
           session.outcome() == 0 ? "" : v1::Session::Outcome_Name(session.outcome()),
           session.end_reason() == 0 ? "" : v1::Session::EndReason_Name(session.end_reason()),
           session.has_error() ? named_code(session.error()) : "",
           number_if(session.has_totals(), session.totals().client_bytes()),
           number_if(session.has_totals(), session.totals().server_bytes()), session.ticket_id(),
           session.session_id()}) {
    cells.push_back(std::move(cell));
  }
  write_line(cells);
}

void SessionCsvWriter::write_line(const std::vector<std::string>& cells) {
  std::string line;
  for (const auto& cell : cells) {
    if (!line.empty()) { line += ','; }
    line += to_csv_cell(cell);
  }
  sink_->write(line + "\r\n");
}

}  // namespace remora::outputs
