#include "daemon/outputs/table.h"

#include <algorithm>
#include <cstdio>

#include <google/protobuf/util/time_util.h>

#include "daemon/event/account.h"

namespace remora::outputs {
namespace {

constexpr std::size_t kMaxHeld = 1000;

/// Texts from the wire may hold anything; a terminal must not act on it.
std::string printable(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '.');
  return text;
}

/// Columns, not bytes: continuation bytes of UTF-8 take none.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

std::string end_text(const v1::Endpoint& end) {
  const bool v6 = end.address().find(':') != std::string::npos;
  const auto address = v6 ? '[' + end.address() + ']' : end.address();
  return address + ':' + std::to_string(end.port());
}

/// "alice?" where only the cookie hints at who it was.
std::string user_text(const v1::Session& session) {
  if (const auto* user = main_user(session)) { return account_of(*user); }
  const auto& cookie = session.negotiation().cookie();
  return cookie.empty() ? "-" : cookie + '?';
}

std::string security_text(const v1::Session& session) {
  const auto& negotiation = session.negotiation();
  if (!negotiation.failure().empty()) { return negotiation.failure(); }
  std::string text = "-";
  if (negotiation.selected_protocol() != v1::Negotiation::PROTOCOL_UNSPECIFIED) {
    text = v1::Negotiation::Protocol_Name(negotiation.selected_protocol());
  }
  if (!session.security().tls().version().empty()) {
    text += ' ' + session.security().tls().version();
  } else if (!session.security().encryption_method().empty()) {
    text += ' ' + session.security().encryption_method();
  }
  return text;
}

/// Of a session that is open neither is known.
std::string outcome_text(const v1::Session& session) {
  const bool known = session.outcome() != v1::Session::OUTCOME_UNSPECIFIED;
  return known ? v1::Session::Outcome_Name(session.outcome()) : "-";
}

std::string end_reason_text(const v1::Session& session) {
  const bool known = session.end_reason() != v1::Session::END_REASON_UNSPECIFIED;
  std::string text = known ? v1::Session::EndReason_Name(session.end_reason()) : "(open)";
  if (!session.error().name().empty()) { text += " (" + session.error().name() + ')'; }
  return text;
}

std::string kind_text(const v1::Session& session) {
  std::string text = session.kind() == v1::Session::REMOTE_ASSISTANCE ? "RA" : "RDP";
  if (session.direction() == v1::Session::REVERSE) { text += " reverse"; }
  return text;
}

std::string seconds_text(const google::protobuf::Duration& duration) {
  std::array<char, 32> text{};
  const auto tenths = google::protobuf::util::TimeUtil::DurationToMilliseconds(duration) / 100;
  (void)std::snprintf(text.data(), text.size(), "%lld.%lld s", static_cast<long long>(tenths / 10),
                      static_cast<long long>(tenths % 10));
  return text.data();
}

std::string opened_text(const google::protobuf::Timestamp& time) {
  auto whole = time;
  whole.set_nanos(0);
  return google::protobuf::util::TimeUtil::ToString(whole);
}

std::string named(const std::string& address, const std::string& name) {
  return name.empty() ? address : address + ' ' + name;
}

}  // namespace

TableWriter::Row TableWriter::to_row(const v1::Session& session) {
  return {opened_text(session.opened()),
          seconds_text(session.duration()),
          kind_text(session),
          named(end_text(session.client()), session.client().fqdn()),
          named(end_text(session.server()), session.server().fqdn()),
          user_text(session),
          security_text(session),
          outcome_text(session),
          end_reason_text(session)};
}

void TableWriter::write(const v1::Event& event) {
  if (event.has_session_closed()) { write(event.session_closed().session()); }
}

void TableWriter::write(const v1::Session& session) {
  ++sessions_;
  auto row = to_row(session);
  std::ranges::transform(row, row.begin(), printable);
  if (widths_known_) {
    write_row(row);
    return;
  }
  held_.push_back(std::move(row));
  if (held_.size() >= kMaxHeld) { write_held(); }
}

void TableWriter::write_held() {
  const Row header{"OPENED", "DURATION", "KIND",    "CLIENT", "SERVER",
                   "USER",   "SECURITY", "OUTCOME", "END"};
  held_.insert(held_.begin(), header);
  for (const auto& row : held_) {
    for (std::size_t column = 0; column < kColumns; ++column) {
      widths_.at(column) = std::max(widths_.at(column), width(row.at(column)));
    }
  }
  widths_known_ = true;
  for (const auto& row : held_) { write_row(row); }
  held_.clear();
}

void TableWriter::write_row(const Row& row) {
  std::string line;
  for (std::size_t column = 0; column < kColumns; ++column) {
    line += row.at(column);
    if (column + 1 == kColumns) { break; }
    const auto used = width(row.at(column));
    line.append(2 + (widths_.at(column) > used ? widths_.at(column) - used : 0), ' ');
  }
  sink_->write(line + '\n');
}

void TableWriter::finish() {
  if (sessions_ == 0) {
    sink_->write("no sessions found\n");
  } else if (!widths_known_) {
    write_held();
  }
  sink_->flush();
}

}  // namespace remora::outputs
