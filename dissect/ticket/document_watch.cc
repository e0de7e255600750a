#include "dissect/ticket/document_watch.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "dissect/encoding/digest.h"
#include "dissect/ticket/connection_string1.h"
#include "dissect/ticket/document_start.h"
#include "dissect/ticket/invitation.h"

namespace remora::ticket {
namespace {

/// LIMIT: end marks at which what is kept is read. The first is the right one, except where
/// somebody writes end marks into comments.
constexpr std::uint8_t kMaxAttempts = 4;
/// LIMIT: bytes of a connection string 1 on its own.
constexpr std::size_t kMaxString1Bytes = 4096;

/// Whether connection strings 1 are looked for that stand on their own inside something else.
bool looks_for_string1(Look look) {
  return look == Look::kMessage || look == Look::kStream;
}

const MarkTable& table_of(Look look) {
  return looks_for_string1(look) ? MarkTable::of_messages() : MarkTable::of_documents();
}

bool is_end(const Mark& mark) {
  return mark.kind == MarkKind::kInvitationEnd || mark.kind == MarkKind::kConnectionString2End;
}

/// What asks for more of its reader than any ticket can.
bool is_bomb(const Refusal& why) {
  const std::string_view error{why.error};
  return error == "xml.doctype" || error == "xml.limit" || error == "too_large";
}

void append(std::vector<std::byte>& to, ByteView bytes) {
  to.insert(to.end(), bytes.begin(), bytes.end());
}

}  // namespace

DocumentWatch::DocumentWatch(observation::Carriage carriage, const Context& context, Look look)
    : carriage_{std::move(carriage)},
      context_{&context},
      search_{table_of(look)},
      state_{look == Look::kStream ? State::kSearching : State::kStart},
      look_{look},
      claimed_{look == Look::kTicket || is_ticket_name(carriage_.file_name)} {}

void DocumentWatch::set_carriage(observation::Carriage carriage) {
  carriage_ = std::move(carriage);
  claimed_ = look_ == Look::kTicket || is_ticket_name(carriage_.file_name);
}

void DocumentWatch::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  const Now now{.from = from, .at = at, .out = out};
  while (!bytes.empty() && state_ != State::kFinished) { step(bytes, now); }
}

ByteView DocumentWatch::follow(Side from, ByteView bytes, Instant at, Findings& out) {
  const Now now{.from = from, .at = at, .out = out};
  while (!bytes.empty() && following()) { step(bytes, now); }
  return bytes;
}

/// Takes some of the bytes, or changes the state.
void DocumentWatch::step(ByteView& bytes, const Now& now) {
  switch (state_) {
    case State::kStart:
      judge(bytes, now);
      break;
    case State::kSearching:
      search(bytes);
      break;
    case State::kWhole:
    case State::kInside:
      collect(bytes, now);
      break;
    case State::kString1:
      collect_string1(bytes, now);
      break;
    case State::kFinished:
      break;
  }
}

/// Keeps the first bytes until it is told what they begin; then they are read again.
void DocumentWatch::judge(ByteView& bytes, const Now& now) {
  const auto taken = std::min(bytes.size(), kMaxPrologBytes - kept_.size());
  append(kept_, bytes.first(taken));
  bytes = bytes.subspan(taken);
  const auto start = judge_start(kept_);
  if (start == DocumentStart::kMore && !claimed_) { return; }
  const bool searched = start == DocumentStart::kOther ||
                        (start == DocumentStart::kConnectionString1 && looks_for_string1(look_));
  state_ = searched && !claimed_ ? State::kSearching : State::kWhole;
  const auto head = std::exchange(kept_, {});
  on_bytes(now.from, head, now.at, now.out);
}

void DocumentWatch::search(ByteView& bytes) {
  while (const auto* mark = search_.next(bytes)) {
    if (!is_end(*mark)) {
      begin(*mark);
      return;
    }
  }
}

void DocumentWatch::begin(const Mark& mark) {
  drop();
  append(kept_, as_bytes(mark.bytes));
  form_ = mark.form;
  state_ = mark.kind == MarkKind::kConnectionString1Start ? State::kString1 : State::kInside;
}

/// Keeps what comes, up to the next mark or the limit.
void DocumentWatch::collect(ByteView& bytes, const Now& now) {
  if (kept_.size() == kMaxTicketBytes) {
    give_up(now, cut_off("too_large"));
    return;
  }
  auto rest = bytes.first(std::min(bytes.size(), kMaxTicketBytes - kept_.size()));
  const auto offered = rest.size();
  const auto* mark = search_.next(rest);
  const auto used = offered - rest.size();
  append(kept_, bytes.first(used));
  bytes = bytes.subspan(used);
  if (mark == nullptr) { return; }
  if (is_end(*mark)) {
    close(now);
  } else if (state_ == State::kInside && mark->kind != MarkKind::kConnectionString1Start) {
    // A ticket holds no mark that begins one: what was kept is none.
    kept_.resize(kept_.size() - std::min(kept_.size(), mark->bytes.size()));
    give_up(now, cut_off("truncated"));
    if (state_ != State::kFinished) { begin(*mark); }
  }
}

/// An end mark has come.
void DocumentWatch::close(const Now& now) {
  if (attempts_ >= kMaxAttempts) { return; }
  ++attempts_;
  const auto refusal = read_kept(now);
  if (refusal.has_value() && state_ == State::kInside) { give_up(now, *refusal); }
}

/// Keeps the characters that a connection string 1 can have.
void DocumentWatch::collect_string1(ByteView& bytes, const Now& now) {
  const auto unit = form_ == TextForm::kUtf16Le ? 2U : 1U;
  std::size_t used = 0;
  for (; used < bytes.size() && kept_.size() < kMaxString1Bytes; ++used) {
    const bool high = kept_.size() % unit == 1;
    const auto byte = bytes[used];
    if (high ? byte != std::byte{0} : !may_stand_in_string1(static_cast<char>(to_u8(byte)))) {
      break;
    }
    kept_.push_back(byte);
  }
  const bool ended = used < bytes.size();
  bytes = bytes.subspan(used);
  if (ended) { settle_string1(now); }
}

/// Text of this kind may stand in any table of numbers: it is never refused.
void DocumentWatch::settle_string1(const Now& now) {
  state_ = State::kSearching;
  search_.restart();
  (void)read_kept(now);
  drop();
}

void DocumentWatch::on_gap() {
  if (state_ == State::kFinished) { return; }
  drop();
  search_.restart();
  state_ = State::kSearching;
}

void DocumentWatch::on_end(Side from, Instant at, Findings& out) {
  const Now now{.from = from, .at = at, .out = out};
  if (state_ == State::kWhole) {
    const auto refusal = read_kept(now);
    if (refusal.has_value()) { give_up(now, *refusal); }
  } else if (state_ == State::kInside) {
    give_up(now, cut_off("truncated"));
  } else if (state_ == State::kString1) {
    settle_string1(now);
  }
  drop();
  state_ = State::kFinished;
}

/// Reports what is kept as a ticket, or tells why it is none.
std::optional<Refusal> DocumentWatch::read_kept(const Now& now) {
  if (kept_.empty()) { return Refusal{.error = "root.missing", .at = {}}; }
  const auto form = state_ == State::kWhole ? text_form_of(kept_) : form_;
  auto ticket = read_ticket(kept_, form, context_->keys);
  if (!ticket.has_value()) { return ticket.error(); }
  see(now, std::move(*ticket));
  return std::nullopt;
}

void DocumentWatch::see(const Now& now, observation::Ticket ticket) {
  if (std::ranges::find(keys_, ticket.key) == keys_.end()) { keys_.push_back(ticket.key); }
  now.out.observe(now.at, now.from, "ticket.seen",
                  observation::TicketSeen{.ticket = std::move(ticket), .carriage = carriage_});
  drop();
  state_ = State::kSearching;
  count_report();
}

/// What is kept is no ticket: refuses it if it claims to be one, and looks on behind it.
void DocumentWatch::give_up(const Now& now, const Refusal& why) {
  const bool claimed = claims();
  const bool told = claimed || may_be_claimed();
  if (told) { refuse(now, why, !claimed); }
  state_ = State::kSearching;
  drop();
  if (told) { count_report(); }
}

bool DocumentWatch::claims() const {
  if (kept_.empty()) { return false; }
  if (state_ == State::kWhole) {
    return claimed_ || claims_to_be_ticket(to_text(kept_, text_form_of(kept_)).utf8);
  }
  return look_ == Look::kStream && begins_as_invitation(to_text(kept_, form_).utf8);
}

/// Its name, which is not known here, may claim it.
bool DocumentWatch::may_be_claimed() const {
  return look_ == Look::kUnnamed && state_ == State::kWhole && !kept_.empty();
}

void DocumentWatch::refuse(const Now& now, const Refusal& why, bool if_named) {
  observation::TicketRefused refused{.error = why.error,
                                     .line = {},
                                     .column = {},
                                     .carriage = carriage_,
                                     .digest = encoding::sha256(kept_),
                                     .decrypted = why.decrypted,
                                     .if_named = if_named,
                                     .size = kept_.size()};
  if (why.at.has_value()) {
    refused.line = why.at->line;
    refused.column = why.at->column;
  }
  now.out.observe(now.at, now.from, "ticket.refused", std::move(refused));
  if (is_bomb(why) && !if_named) {
    now.out.observe(now.at, now.from, "ticket.bomb",
                    observation::Anomaly{.code = "ticket.bomb",
                                         .detail = "a ticket that would exhaust its reader",
                                         .shown_by = {}});
  }
}

void DocumentWatch::count_report() {
  if (++reported_ >= kMaxTicketsPerDocument) { state_ = State::kFinished; }
}

/// Where what is kept ends.
Refusal DocumentWatch::cut_off(const char* error) const {
  const auto form = state_ == State::kWhole ? text_form_of(kept_) : form_;
  const auto text = to_text(kept_, form);
  return {.error = error, .at = position_of(text.utf8, text.utf8.size())};
}

void DocumentWatch::drop() {
  kept_ = {};
  attempts_ = 0;
}

}  // namespace remora::ticket
