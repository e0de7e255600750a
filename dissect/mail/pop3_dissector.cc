#include "dissect/mail/pop3_dissector.h"

#include <algorithm>
#include <utility>

#include "dissect/encoding/text.h"
#include "dissect/mail/line.h"

namespace remora::mail {
namespace {

/// LIMIT: of an account's name, and of a unique id (RFC 1939 7).
constexpr std::size_t kMaxName = 70;

[[nodiscard]] bool is_status(std::string_view line) {
  return line.starts_with("+OK") || line.starts_with("-ERR");
}

}  // namespace

std::size_t Pop3Dissector::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  if (!client_.has_value()) {
    const char c = as_text(bytes).front();
    client_ = c == '+' || c == '-' ? other(from) : from;
  }
  return from == *client_ ? on_client(from, bytes, at, out) : on_server(from, bytes, at, out);
}

std::size_t Pop3Dissector::pass_long_line(Side from, ByteView bytes) {
  in_long_line_.at(index_of(from)) = true;
  const auto end = as_text(bytes).find('\n');
  if (end == std::string_view::npos) { return bytes.size(); }
  in_long_line_.at(index_of(from)) = false;
  return end + 1;
}

std::size_t Pop3Dissector::on_client(Side from, ByteView bytes, Instant /*at*/, Findings& /*out*/) {
  if (in_long_line_.at(index_of(from))) { return pass_long_line(from, bytes); }
  const auto line = first_line(bytes);
  if (!line.has_value()) { return bytes.size() < kMaxLine ? 0 : pass_long_line(from, bytes); }
  if (!in_login_) { on_command(line->text); }
  return line->size;
}

void Pop3Dissector::on_command(std::string_view line) {
  auto rest = line;
  const auto verb = to_upper(take_word(rest));
  const auto number = to_number(rest.substr(0, rest.find(' '))).value_or(0);
  Pending pending{.command = Command::kOneLine, .message = number};
  if (verb == "RETR") {
    pending.command = Command::kRetrieve;
  } else if (verb == "TOP") {
    pending.command = Command::kTop;
  } else if (verb == "UIDL") {
    pending.command = rest.empty() ? Command::kUniqueIds : Command::kUniqueId;
  } else if (verb == "CAPA" || (verb == "LIST" && rest.empty())) {
    pending.command = Command::kList;
  } else if (verb == "DELE") {
    pending.command = Command::kDelete;
  } else if (verb == "RSET") {
    pending.command = Command::kReset;
  } else if (verb == "QUIT") {
    pending.command = Command::kQuit;
  } else if (verb == "STLS") {
    pending.command = Command::kTls;
  } else if (verb == "AUTH") {
    in_login_ = !rest.empty();
    pending.command = rest.empty() ? Command::kList : Command::kOneLine;
  } else if (verb == "USER" || verb == "APOP") {
    user_ = take_word(rest).substr(0, kMaxName);
  }
  if (pending_.size() < kMaxPending) { pending_.push_back(pending); }
}

std::size_t Pop3Dissector::on_server(Side from, ByteView bytes, Instant at, Findings& out) {
  if (phase_ == Phase::kAfterUnknown) {
    // Nobody saw what is answered: lines that are no status are a message or a list.
    const char c = as_text(bytes).front();
    phase_ = Phase::kStatus;
    if (c != '+' && c != '-') { begin_message({.command = Command::kTop}); }
  }
  switch (phase_) {
    case Phase::kStatus:
    case Phase::kAfterUnknown:
      return on_status(from, bytes, at, out);
    case Phase::kList:
      return on_list(from, bytes);
    case Phase::kMessage:
      return on_message(from, bytes, at, out);
  }
  return bytes.size();
}

std::size_t Pop3Dissector::on_status(Side from, ByteView bytes, Instant at, Findings& out) {
  if (in_long_line_.at(index_of(from))) { return pass_long_line(from, bytes); }
  const auto line = first_line(bytes);
  if (!line.has_value()) { return bytes.size() < kMaxLine ? 0 : pass_long_line(from, bytes); }
  if (!is_status(line->text)) {
    // "+ " asks for more of a login.
    if (!line->text.starts_with("+ ") && ++strange_lines_ > kMaxStrangeLines) { out.leave(); }
    return line->size;
  }
  strange_lines_ = 0;
  in_login_ = false;
  const bool refused = line->text.front() == '-';
  if (pending_.empty()) {
    phase_ = refused ? Phase::kStatus : Phase::kAfterUnknown;
    return line->size;
  }
  const auto done = pending_.front();
  pending_.pop_front();
  if (!refused) { on_done(done, line->text, from, at, out); }
  return line->size;
}

void Pop3Dissector::on_done(const Pending& done, std::string_view text, Side from, Instant at,
                            Findings& out) {
  answered_ = done;
  switch (done.command) {
    case Command::kRetrieve:
    case Command::kTop:
      begin_message(done);
      break;
    case Command::kList:
    case Command::kUniqueIds:
      dots_ = {};
      phase_ = Phase::kList;
      break;
    case Command::kUniqueId:
      (void)take_word(text);
      learn_unique_id(text);
      break;
    case Command::kDelete:
      if (marked_.size() < kMaxMessages) { marked_.push_back(done.message); }
      break;
    case Command::kReset:
      marked_.clear();
      break;
    case Command::kQuit:
      tell_deleted(other(from), at, out);
      break;
    case Command::kTls:
      out.hand_over(Protocol{"tls"});
      break;
    case Command::kUnknown:
    case Command::kOneLine:
      break;
  }
}

std::size_t Pop3Dissector::on_list(Side from, ByteView bytes) {
  if (in_long_line_.at(index_of(from))) { return pass_long_line(from, bytes); }
  const auto line = first_line(bytes);
  if (!line.has_value()) { return bytes.size() < kMaxLine ? 0 : pass_long_line(from, bytes); }
  if (line->text == ".") {
    phase_ = Phase::kStatus;
  } else if (answered_.command == Command::kUniqueIds) {
    learn_unique_id(line->text);
  }
  return line->size;
}

/// "2 QhdPYR:00WBw1Ph7x7"
void Pop3Dissector::learn_unique_id(std::string_view line) {
  const auto number = to_number(take_word(line));
  if (!number.has_value() || line.empty() || line.size() > kMaxName) { return; }
  unique_ids_.emplace_back(*number, line);
  // The latest have the highest numbers, and are those that are fetched.
  if (unique_ids_.size() > kMaxMessages) { unique_ids_.pop_front(); }
}

/// Numbers hold for a session, unique ids for good.
std::string Pop3Dissector::place_of(std::uint32_t message) const {
  const auto id = std::ranges::find_if(
      unique_ids_, [message](const auto& known) { return known.first == message; });
  if (id == unique_ids_.end()) { return {}; }
  return encoding::to_utf8(as_bytes(user_ + "/" + id->second));
}

void Pop3Dissector::begin_message(const Pending& asked) {
  answered_ = asked;
  message_.emplace(observation::Carriage{.protocol = "POP3", .place = place_of(asked.message)},
                   *context_);
  dots_ = {};
  phase_ = Phase::kMessage;
}

std::size_t Pop3Dissector::on_message(Side from, ByteView bytes, Instant at, Findings& out) {
  std::size_t used = 0;
  while (used < bytes.size()) {
    const auto step = dots_.next(bytes.subspan(used));
    used += step.used;
    if (!step.text.empty()) { message_->on_bytes(from, step.text, at, out); }
    if (step.ended) {
      end_message(from, at, out);
      break;
    }
  }
  return used;
}

void Pop3Dissector::end_message(Side from, Instant at, Findings& out) {
  // Of TOP's few lines the last is not the end.
  if (answered_.command == Command::kTop) { message_->on_gap(); }
  message_->on_end(from, at, out);
  if (!message_->keys().empty() && with_tickets_.size() < kMaxMessages) {
    with_tickets_.push_back({.message = answered_.message, .keys = message_->keys()});
  }
  message_.reset();
  phase_ = Phase::kStatus;
}

void Pop3Dissector::tell_deleted(Side from, Instant at, Findings& out) {
  for (const auto number : std::exchange(marked_, {})) {
    observation::CopyDeleted deleted{.ticket = {},
                                     .carriage = {.protocol = "POP3", .place = place_of(number)}};
    bool known = false;
    for (const auto& message : with_tickets_) {
      if (message.message != number) { continue; }
      for (const auto& key : message.keys) {
        deleted.ticket = key;
        out.observe(at, from, "pop3.quit", deleted);
        known = true;
      }
    }
    if (!known && !deleted.carriage.place.empty()) {
      deleted.ticket.reset();
      out.observe(at, from, "pop3.quit", deleted);
    }
  }
}

void Pop3Dissector::on_gap(Side from, std::uint64_t /*size*/, Instant /*at*/, Findings& /*out*/) {
  if (!client_.has_value()) { return; }
  in_long_line_.at(index_of(from)) = from == *client_ || phase_ == Phase::kStatus;
  if (from == *client_ || phase_ != Phase::kMessage) {
    // Which answer belongs to which command is not known any more.
    pending_.clear();
    if (phase_ == Phase::kAfterUnknown) { phase_ = Phase::kStatus; }
    return;
  }
  message_->on_gap();
  dots_.on_gap();
}

void Pop3Dissector::on_end(Side from, Instant at, Findings& out) {
  if (from != client_ && message_.has_value()) { end_message(from, at, out); }
}

}  // namespace remora::mail
