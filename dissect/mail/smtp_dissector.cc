#include "dissect/mail/smtp_dissector.h"

#include <algorithm>
#include <utility>

#include "dissect/mail/line.h"
#include "dissect/mail/recognise.h"

namespace remora::mail {
namespace {

/// "250 ", "220-": every line that a server sends.
[[nodiscard]] bool is_reply(std::string_view line) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return line.size() >= 3 && std::all_of(line.begin(), line.begin() + 3, is_digit) &&
         (line.size() == 3 || line[3] == ' ' || line[3] == '-');
}

/// TLSPlaintext of a handshake, RFC 8446 5.1.
[[nodiscard]] bool may_be_tls(ByteView bytes) {
  return to_u8(bytes[0]) == 0x16 && (bytes.size() == 1 || to_u8(bytes[1]) == 0x03);
}

}  // namespace

std::size_t SmtpDissector::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  if (!client_.has_value()) {
    if (bytes.size() < 4) { return 0; }
    client_ = is_reply(as_text(bytes).substr(0, 4)) ? other(from) : from;
  }
  return from == *client_ ? on_client(from, bytes, at, out) : on_server(from, bytes, at, out);
}

/// What one phase does not use may be the next one's.
std::size_t SmtpDissector::on_client(Side from, ByteView bytes, Instant at, Findings& out) {
  while (true) {
    const auto before = phase_;
    const auto used = on_phase(from, bytes, at, out);
    if (used > 0 || phase_ == before) { return used; }
  }
}

std::size_t SmtpDissector::on_phase(Side from, ByteView bytes, Instant at, Findings& out) {
  switch (phase_) {
    case Phase::kCommands:
      return on_command(from, bytes, at, out);
    case Phase::kDataAsked:
      return on_data_asked(bytes);
    case Phase::kText:
      return on_text(from, bytes, at, out);
    case Phase::kMaybeEnded:
      return on_maybe_ended(from, bytes, at, out);
    case Phase::kChunk:
      return on_chunk(from, bytes, at, out);
  }
  return bytes.size();
}

std::size_t SmtpDissector::pass_long_line(Side from, ByteView bytes) {
  in_long_line_.at(index_of(from)) = true;
  const auto end = as_text(bytes).find('\n');
  if (end == std::string_view::npos) { return bytes.size(); }
  in_long_line_.at(index_of(from)) = false;
  return end + 1;
}

std::size_t SmtpDissector::on_command(Side from, ByteView bytes, Instant at, Findings& out) {
  if (in_long_line_.at(index_of(from))) { return pass_long_line(from, bytes); }
  if (may_be_tls(bytes)) {
    if (bytes.size() == 1) { return 0; }
    if (tls_asked_) {
      out.hand_over(Protocol{"tls"});
      return 0;
    }
  }
  const auto line = first_line(bytes);
  if (!line.has_value()) { return bytes.size() < kMaxLine ? 0 : pass_long_line(from, bytes); }
  auto rest = line->text;
  const auto verb = to_upper(take_word(rest));
  if (verb == "DATA") {
    phase_ = Phase::kDataAsked;
    granted_ = false;
  } else if (verb == "BDAT") {
    on_chunk_command(rest);
    if (phase_ == Phase::kChunk && chunk_left_ == 0) { (void)on_chunk(from, {}, at, out); }
  } else if (verb == "STARTTLS") {
    tls_asked_ = true;
  } else if (verb == "RSET" || verb == "MAIL" || verb == "EHLO" || verb == "HELO") {
    end_message(from, at, out);
  }
  strange_lines_ = smtp_command(as_text(bytes)) == Verdict::kYes ? 0 : strange_lines_ + 1;
  if (strange_lines_ > kMaxStrangeLines) { out.leave(); }
  return line->size;
}

/// "86 LAST"
void SmtpDissector::on_chunk_command(std::string_view arguments) {
  const auto size = to_number(take_word(arguments));
  if (!size.has_value()) { return; }
  if (!message_.has_value()) { begin_message(); }
  chunk_left_ = *size;
  last_chunk_ = begins_with(arguments, "LAST") == Match::kYes;
  phase_ = Phase::kChunk;
}

std::size_t SmtpDissector::on_chunk(Side from, ByteView bytes, Instant at, Findings& out) {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(chunk_left_, bytes.size()));
  if (size > 0) { message_->on_bytes(from, bytes.first(size), at, out); }
  chunk_left_ -= size;
  if (chunk_left_ > 0) { return size; }
  phase_ = Phase::kCommands;
  if (last_chunk_) { end_message(from, at, out); }
  return size;
}

/// The server may have refused: then the next line is a command.
std::size_t SmtpDissector::on_data_asked(ByteView bytes) {
  if (!granted_) {
    switch (smtp_command(as_text(bytes))) {
      case Verdict::kMore:
        return 0;
      case Verdict::kYes:
        phase_ = Phase::kCommands;
        return 0;
      case Verdict::kNo:
        break;
    }
  }
  begin_text();
  return 0;
}

std::size_t SmtpDissector::on_text(Side from, ByteView bytes, Instant at, Findings& out) {
  std::size_t used = 0;
  while (used < bytes.size()) {
    const auto step = dots_.next(bytes.subspan(used));
    used += step.used;
    if (!step.text.empty()) { message_->on_bytes(from, step.text, at, out); }
    if (!step.ended) { continue; }
    phase_ = dots_.strict_end() ? Phase::kCommands : Phase::kMaybeEnded;
    if (phase_ == Phase::kCommands) { end_message(from, at, out); }
    break;
  }
  return used;
}

/// Some servers take a lone dot between bare line feeds for the end, others do not: what follows
/// tells which this is.
std::size_t SmtpDissector::on_maybe_ended(Side from, ByteView bytes, Instant at, Findings& out) {
  const auto verdict = smtp_command(as_text(bytes));
  if (verdict == Verdict::kMore) { return 0; }
  if (verdict == Verdict::kYes) {
    end_message(from, at, out);
    phase_ = Phase::kCommands;
    return 0;
  }
  message_->on_bytes(from, as_bytes(".\n"), at, out);
  dots_ = {};
  phase_ = Phase::kText;
  return 0;
}

std::size_t SmtpDissector::on_server(Side from, ByteView bytes, Instant at, Findings& out) {
  if (in_long_line_.at(index_of(from))) { return pass_long_line(from, bytes); }
  const auto line = first_line(bytes);
  if (!line.has_value()) { return bytes.size() < kMaxLine ? 0 : pass_long_line(from, bytes); }
  if (!is_reply(line->text)) { return line->size; }
  const auto code = line->text.substr(0, 3);
  if (code == "354") {
    granted_ = true;
    // DATA itself was not captured.
    if (phase_ == Phase::kCommands) { phase_ = Phase::kDataAsked; }
  } else if (code == "220" && tls_asked_) {
    out.hand_over(Protocol{"tls"});
  } else if (code == "250" && phase_ == Phase::kMaybeEnded) {
    end_message(*client_, at, out);
    phase_ = Phase::kCommands;
  }
  return line->size;
}

void SmtpDissector::on_gap(Side from, std::uint64_t size, Instant at, Findings& out) {
  if (!client_.has_value()) { return; }
  if (from != *client_) {
    in_long_line_.at(index_of(from)) = true;
    return;
  }
  if (message_.has_value()) { message_->on_gap(); }
  switch (phase_) {
    case Phase::kCommands:
    case Phase::kDataAsked:
      in_long_line_.at(index_of(from)) = phase_ == Phase::kCommands;
      if (phase_ == Phase::kDataAsked) { begin_text(); }
      break;
    case Phase::kMaybeEnded:
      phase_ = Phase::kText;
      [[fallthrough]];
    case Phase::kText:
      dots_.on_gap();
      break;
    case Phase::kChunk:
      if (size < chunk_left_) {
        chunk_left_ -= size;
      } else {  // the commands behind it may be lost too
        end_message(from, at, out);
        phase_ = Phase::kCommands;
        in_long_line_.at(index_of(from)) = size > chunk_left_;
      }
      break;
  }
}

/// A connection that ends inside a message leaves a ticket that is cut off.
void SmtpDissector::on_end(Side from, Instant at, Findings& out) {
  if (from == client_) { end_message(from, at, out); }
}

void SmtpDissector::begin_message() {
  message_.emplace(observation::Carriage{.protocol = "SMTP"}, *context_);
}

void SmtpDissector::begin_text() {
  begin_message();
  dots_ = {};
  phase_ = Phase::kText;
}

void SmtpDissector::end_message(Side from, Instant at, Findings& out) {
  if (message_.has_value()) { message_->on_end(from, at, out); }
  message_.reset();
}

}  // namespace remora::mail
