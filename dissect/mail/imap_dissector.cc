#include "dissect/mail/imap_dissector.h"

#include <algorithm>
#include <array>
#include <utility>

#include "dissect/mail/line.h"

namespace remora::mail {
namespace {

using Kind = ImapToken::Kind;

/// LIMIT: kept of a command's arguments.
constexpr std::size_t kMaxArguments = 512;
/// LIMIT: of a mailbox's name sent as a literal.
constexpr std::size_t kMaxNameLiteral = 256;
/// LIMIT: of a tag that is remembered.
constexpr std::size_t kMaxTag = 64;

/// The first argument of a command, in whatever form.
[[nodiscard]] std::string first_argument(std::string_view text) {
  const auto token = ImapTokens{text}.next();
  if (token.kind == Kind::kQuoted) { return unquoted(token.text); }
  return token.kind == Kind::kAtom ? std::string{token.text} : std::string{};
}

/// The word behind the first argument: "+FLAGS.SILENT".
[[nodiscard]] bool sets_deleted(std::string_view arguments) {
  const auto upper = to_upper(arguments);
  return upper.find(" -FLAGS") == std::string::npos && upper.find("\\DELETED") != std::string::npos;
}

}  // namespace

std::size_t ImapDissector::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  if (!client_.has_value()) { client_ = as_text(bytes).front() == '*' ? other(from) : from; }
  return half(from).literal == Literal::kNone ? on_line(from, bytes, at, out)
                                              : on_literal(from, bytes, at, out);
}

std::size_t ImapDissector::pass_long_line(Side from, ByteView bytes) {
  const auto end = as_text(bytes).find('\n');
  half(from).in_long_line = end == std::string_view::npos;
  return std::min(end, bytes.size() - 1) + 1;
}

std::size_t ImapDissector::on_line(Side from, ByteView bytes, Instant at, Findings& out) {
  if (half(from).in_long_line) { return pass_long_line(from, bytes); }
  const auto line = first_line(bytes, kMaxImapLine);
  if (!line.has_value()) {
    if (bytes.size() < kMaxImapLine) { return 0; }
    half(from).continues = false;
    in_fetch_ = in_fetch_ && from == *client_;
    return pass_long_line(from, bytes);
  }
  if (from == *client_) {
    on_client_line(line->text, out);
  } else {
    on_server_line(from, line->text, at, out);
  }
  return line->size;
}

void ImapDissector::begin_literal(Side from, Literal what, const ImapToken& token, Findings& out) {
  auto& side = half(from);
  side.continues = true;
  if (token.size == 0 && what != Literal::kMessage) { return; }
  if (what == Literal::kIgnored && from != *client_) {
    out.skip(token.size);
    return;
  }
  side.literal = what;
  side.left = token.size;
  side.waits = from == *client_ && token.waits;
}

std::size_t ImapDissector::on_literal(Side from, ByteView bytes, Instant at, Findings& out) {
  auto& side = half(from);
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(side.left, bytes.size()));
  const auto part = bytes.first(size);
  side.left -= size;
  side.waits = false;
  if (side.literal == Literal::kMessage && appended_.has_value()) {
    appended_->on_bytes(from, part, at, out);
  } else if (side.literal == Literal::kSection) {
    fetch_.on_literal(part, from, at, out);
  } else if (side.literal == Literal::kName) {
    for (const char c : as_text(part)) {
      if (c == '"' || c == '\\') { command_.text += '\\'; }
      command_.text += c;
    }
  }
  if (side.left == 0) { end_literal(from, at, out); }
  return size;
}

void ImapDissector::end_literal(Side from, Instant at, Findings& out) {
  const auto what = std::exchange(half(from).literal, Literal::kNone);
  if (what == Literal::kMessage && appended_.has_value()) {
    appended_->on_end(from, at, out);
    const auto& keys = appended_->keys();
    command_.keys.insert(command_.keys.end(), keys.begin(), keys.end());
    appended_.reset();
  } else if (what == Literal::kSection) {
    fetch_.on_literal_end(from, at, out);
  } else if (what == Literal::kName) {
    command_.text += '"';
  }
}

void ImapDissector::on_client_line(std::string_view line, Findings& out) {
  auto& side = half(*client_);
  if (std::exchange(side.continues, false)) {
    if (command_.text.size() < kMaxArguments) {
      command_.text += line.substr(0, kMaxArguments - command_.text.size());
    }
  } else {
    begin_command(line);
  }
  const auto literal = literal_at_end(line);
  if (literal.kind != Kind::kLiteral) {
    end_command();
    return;
  }
  // What stands before the literal, without its braces.
  const auto cut = command_.text.rfind('{');
  if (cut != std::string::npos) { command_.text.resize(cut); }
  if (command_.text.ends_with('~')) { command_.text.pop_back(); }
  const bool named = !first_argument(command_.text).empty();
  auto what = Literal::kIgnored;
  if (command_.verb == Verb::kAppend && named) {
    what = Literal::kMessage;
    appended_.emplace(observation::Carriage{.protocol = "IMAP"}, *context_);
  } else if (!named && literal.size <= kMaxNameLiteral &&
             (command_.verb == Verb::kAppend || command_.verb == Verb::kSelect)) {
    what = Literal::kName;
    command_.text += '"';
  }
  begin_literal(*client_, what, literal, out);
}

/// "a1 UID FETCH 17 BODY[]"
void ImapDissector::begin_command(std::string_view line) {
  command_ = {.tag = std::string{take_word(line).substr(0, kMaxTag)}};
  auto verb = to_upper(take_word(line).substr(0, kMaxTag));
  if (verb == "UID") {
    command_.by_uid = true;
    verb = to_upper(take_word(line).substr(0, kMaxTag));
  }
  constexpr std::array kVerbs{
      std::pair{std::string_view{"SELECT"}, Verb::kSelect},
      std::pair{std::string_view{"EXAMINE"}, Verb::kSelect},
      std::pair{std::string_view{"APPEND"}, Verb::kAppend},
      std::pair{std::string_view{"FETCH"}, Verb::kFetch},
      std::pair{std::string_view{"STORE"}, Verb::kStore},
      std::pair{std::string_view{"EXPUNGE"}, Verb::kExpunge},
      std::pair{std::string_view{"MOVE"}, Verb::kExpunge},
      std::pair{std::string_view{"CLOSE"}, Verb::kClose},
      std::pair{std::string_view{"STARTTLS"}, Verb::kTls},
      std::pair{std::string_view{"COMPRESS"}, Verb::kCompress},
  };
  for (const auto& [word, known] : kVerbs) {
    if (verb == word) { command_.verb = known; }
  }
  if (verb == "LOGIN") {
    // The name alone is taken; the password behind it is never kept.
    mailbox_.set_account(first_argument(line));
  } else if (command_.verb != Verb::kOther) {
    command_.text = line.substr(0, kMaxArguments);
  }
}

void ImapDissector::end_command() {
  act_on_command();
  if (pending_.size() < kMaxPending) { pending_.push_back(std::move(command_)); }
  command_ = {};
}

/// A mailbox is selected as soon as it is asked for: what the server says of it comes before OK.
void ImapDissector::act_on_command() {
  if (command_.verb != Verb::kSelect) { return; }
  mailbox_.select(first_argument(command_.text));
  fetch_.forget_all();
}

bool ImapDissector::is_server_line(std::string_view line) const {
  if (line.starts_with("* ") || line.starts_with('+')) { return true; }
  const auto tag = line.substr(0, line.find(' '));
  return std::ranges::any_of(pending_, [tag](const Command& known) { return known.tag == tag; });
}

void ImapDissector::on_server_line(Side from, std::string_view line, Instant at, Findings& out) {
  if (std::exchange(half(from).continues, false)) {
    if (in_fetch_) { on_fetch_text(from, line, at, out); }
    return;
  }
  if (line.starts_with("* ")) {
    strange_lines_ = 0;
    on_untagged(from, line.substr(2), at, out);
    return;
  }
  if (!is_server_line(line)) {
    if (++strange_lines_ > kMaxStrangeLines) { out.leave(); }
    return;
  }
  strange_lines_ = 0;
  if (line.starts_with('+')) { return; }
  auto rest = line;
  const auto tag = take_word(rest);
  on_tagged(from, tag, rest, at, out);
}

/// "12 FETCH (…", "3 EXPUNGE", "VANISHED 4:7", "OK [UIDVALIDITY 5] …"
void ImapDissector::on_untagged(Side from, std::string_view rest, Instant at, Findings& out) {
  const auto line = rest;
  const auto first = take_word(rest);
  if (const auto number = to_number(first)) {
    const auto word = to_upper(take_word(rest).substr(0, kMaxTag));
    if (word == "FETCH") {
      in_fetch_ = true;
      fetch_.begin(*number, fetched_uid());
      on_fetch_text(from, rest, at, out);
    } else if (word == "EXPUNGE") {
      mailbox_.on_expunged(*number, *client_, at, out);
      fetch_.forget(*number);
    }
    return;
  }
  const auto word = to_upper(first.substr(0, kMaxTag));
  if (word == "OK") {
    constexpr std::string_view kValidity{"[UIDVALIDITY "};
    if (rest.starts_with(kValidity)) {
      const auto digits = rest.substr(kValidity.size());
      if (const auto validity = to_number(digits.substr(0, digits.find(']')))) {
        mailbox_.set_validity(*validity);
      }
    }
    return;
  }
  if (word == "VANISHED" && !rest.starts_with('(')) {  // "(EARLIER)" is old news
    mailbox_.on_vanished(rest, *client_, at, out);
    fetch_.forget_all();
  }
  // A literal may belong to any other response but to text for people.
  const auto literal = literal_at_end(line);
  if (literal.kind == Kind::kLiteral && word != "NO" && word != "BAD" && word != "BYE" &&
      word != "PREAUTH") {
    in_fetch_ = false;
    begin_literal(from, Literal::kIgnored, literal, out);
  }
}

void ImapDissector::on_fetch_text(Side from, std::string_view text, Instant at, Findings& out) {
  const bool wanted = fetch_.on_text(text, mailbox_, from, at, out);
  const auto literal = literal_at_end(text);
  if (literal.kind == Kind::kLiteral) {
    begin_literal(from, wanted ? Literal::kSection : Literal::kIgnored, literal, out);
    if (wanted && literal.size == 0) { fetch_.on_literal_end(from, at, out); }
    return;
  }
  fetch_.end(mailbox_);
  in_fetch_ = false;
}

/// The id of the message asked for, where the client asked for one by its id.
std::optional<std::uint32_t> ImapDissector::fetched_uid() const {
  const auto asked = std::ranges::find(pending_, Verb::kFetch, &Command::verb);
  if (asked == pending_.end() || !asked->by_uid) { return std::nullopt; }
  return to_number(std::string_view{asked->text}.substr(0, asked->text.find(' ')));
}

void ImapDissector::on_tagged(Side from, std::string_view tag, std::string_view rest, Instant at,
                              Findings& out) {
  auto& client = half(other(from));
  const auto word = to_upper(take_word(rest).substr(0, kMaxTag));
  if (client.waits && tag == command_.tag && client.literal != Literal::kNone) {
    // The literal was refused before it was sent: the next line is a command again.
    client = {};
    appended_.reset();
    command_ = {};
    return;
  }
  const auto asked = std::ranges::find(pending_, tag, &Command::tag);
  if (asked == pending_.end()) { return; }
  const auto done = std::move(*asked);
  pending_.erase(asked);
  if (word == "OK") { on_done(done, rest, at, out); }
}

void ImapDissector::on_done(const Command& done, std::string_view text, Instant at, Findings& out) {
  switch (done.verb) {
    case Verb::kStore:
      mailbox_.flag(std::string_view{done.text}.substr(0, done.text.find(' ')), done.by_uid,
                    sets_deleted(done.text));
      break;
    case Verb::kClose:
      mailbox_.on_closed(*client_, at, out);
      fetch_.forget_all();
      break;
    case Verb::kTls:
      out.hand_over(Protocol{"tls"});
      break;
    case Verb::kCompress:
      out.leave();
      break;
    case Verb::kAppend: {
      // "[APPENDUID 38505 3955] …", RFC 4315 3.
      if (done.keys.empty() || first_argument(done.text) != mailbox_.name()) { break; }
      (void)take_word(text);
      (void)take_word(text);
      if (const auto uid = to_number(text.substr(0, text.find(']')))) {
        mailbox_.remember(0, uid, done.keys);
      }
      break;
    }
    case Verb::kOther:
    case Verb::kSelect:
    case Verb::kFetch:
    case Verb::kExpunge:
      break;
  }
}

void ImapDissector::on_gap(Side from, std::uint64_t size, Instant at, Findings& out) {
  if (!client_.has_value()) { return; }
  auto& side = half(from);
  if (side.literal == Literal::kNone || size > side.left) {
    // The next line that begins is a new one.
    if (side.literal != Literal::kNone) { side.left = 0; }
    if (side.literal == Literal::kSection) { fetch_.on_literal_gap(size); }
    if (appended_.has_value() && from == *client_) { appended_->on_gap(); }
    end_literal(from, at, out);
    side = {};
    side.in_long_line = true;
    if (from == *client_) {
      command_ = {};
    } else {
      in_fetch_ = false;
    }
    return;
  }
  side.left -= size;
  if (side.literal == Literal::kSection) {
    fetch_.on_literal_gap(size);
  } else if (side.literal == Literal::kMessage && appended_.has_value()) {
    appended_->on_gap();
  }
  if (side.left == 0) { end_literal(from, at, out); }
}

void ImapDissector::on_end(Side from, Instant at, Findings& out) {
  if (half(from).literal != Literal::kNone) { end_literal(from, at, out); }
}

}  // namespace remora::mail
