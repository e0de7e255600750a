#include "dissect/mail/imap_fetch.h"

#include <algorithm>
#include <utility>

#include "dissect/encoding/host_name.h"
#include "dissect/mail/line.h"

namespace remora::mail {
namespace {

using Kind = ImapToken::Kind;
using What = FetchItem::What;

/// LIMIT: of an item's name.
constexpr std::size_t kMaxItemName = 256;

[[nodiscard]] bool is_structure(std::string_view name) {
  return encoding::same_name(name, "BODYSTRUCTURE") || encoding::same_name(name, "BODY");
}

}  // namespace

void ImapFetch::begin(std::uint32_t number, std::optional<std::uint32_t> uid) {
  number_ = number;
  uid_ = uid;
  depth_ = 0;
  name_.clear();
  keys_.clear();
  watch_.reset();
  headers_.reset();
  in_partial_ = nullptr;
}

bool ImapFetch::on_text(std::string_view text, ImapMailbox& mailbox, Side from, Instant at,
                        Findings& out) {
  ImapTokens in{text};
  while (true) {
    const auto token = in.next();
    switch (token.kind) {
      case Kind::kEnd:
        return false;
      case Kind::kOpen:
        if (depth_ != 1 || name_.empty()) {
          ++depth_;
        } else {
          on_list(in, mailbox);
        }
        break;
      case Kind::kClose:
        depth_ -= depth_ > 0 ? 1 : 0;
        break;
      case Kind::kAtom:
      case Kind::kQuoted:
      case Kind::kLiteral:
        if (on_value(token, mailbox, from, at, out)) { return true; }
        break;
    }
  }
}

/// A name, or the value of the one before. True when a literal of interest follows.
bool ImapFetch::on_value(const ImapToken& token, ImapMailbox& mailbox, Side from, Instant at,
                         Findings& out) {
  if (depth_ != 1) { return false; }
  if (name_.empty()) {
    if (token.kind == Kind::kAtom) { name_ = token.text.substr(0, kMaxItemName); }
    return false;
  }
  if (encoding::same_name(name_, "UID")) {
    if (const auto number = to_number(token.text)) {
      uid_ = number;
      mailbox.learn(number_, *number);
    }
  }
  item_ = token.kind == Kind::kAtom ? FetchItem{} : read_fetch_item(name_);
  const bool wanted = item_.what != What::kOther && begin_section(mailbox);
  name_.clear();
  if (token.kind == Kind::kLiteral) { return wanted; }
  if (wanted) {
    const auto text = unquoted(token.text);
    on_literal(as_bytes(text), from, at, out);
    on_literal_end(from, at, out);
  }
  return false;
}

/// The value of an item that is a list: flags, or a structure. `in` steps over it as far as it is
/// there.
void ImapFetch::on_list(ImapTokens& in, ImapMailbox& mailbox) {
  const auto name = std::exchange(name_, {});
  std::size_t open = 0;
  if (is_structure(name)) {
    for (auto& part : read_body_structure(in, open)) { describe(std::move(part)); }
    depth_ += open;
    return;
  }
  ++depth_;
  if (!encoding::same_name(name, "FLAGS")) { return; }
  const auto end = std::min(in.rest().find(')'), in.rest().size());
  const auto flags = to_upper(in.rest().substr(0, end));
  mailbox.flag(number_, flags.find("\\DELETED") != std::string::npos);
}

bool ImapFetch::begin_section(const ImapMailbox& mailbox) {
  offset_ = item_.origin.value_or(0);
  watch_.reset();
  headers_.reset();
  in_partial_ = nullptr;
  if (item_.what == What::kMime || item_.what == What::kHeader) {
    if (item_.origin.has_value()) { return false; }
    headers_.emplace();
    return true;
  }
  if (item_.origin.has_value()) {
    in_partial_ = &partial(mailbox);
  } else {
    watch_.emplace(make_watch(mailbox));
  }
  return true;
}

SectionWatch ImapFetch::make_watch(const ImapMailbox& mailbox) const {
  observation::Carriage carriage{.protocol = "IMAP", .place = mailbox.place_of(uid(mailbox))};
  if (item_.what == What::kMessage) { return SectionWatch{std::move(carriage), *context_}; }
  const auto* known = described(item_.section);
  if (known == nullptr) { return SectionWatch{std::move(carriage), std::nullopt, *context_}; }
  auto headers = *known;
  if (item_.decoded) { headers.encoding = mime::TransferEncoding::kIdentity; }
  return SectionWatch{std::move(carriage), std::move(headers), *context_};
}

/// The watch over a section of which another part comes now.
SectionWatch& ImapFetch::partial(const ImapMailbox& mailbox) {
  const auto name = std::to_string(static_cast<int>(item_.what)) + item_.section +
                    (item_.decoded ? " decoded" : "");
  const auto same = std::ranges::find_if(partials_, [&](const Partial& known) {
    return known.number == number_ && known.name == name;
  });
  if (same != partials_.end()) { return same->watch; }
  if (partials_.size() >= kMaxPartial) { partials_.pop_front(); }
  return partials_
      .emplace_back(Partial{.number = number_, .name = name, .watch = make_watch(mailbox)})
      .watch;
}

void ImapFetch::on_literal(ByteView bytes, Side from, Instant at, Findings& out) {
  if (headers_.has_value()) {
    while (!bytes.empty() && !headers_->done()) {
      bytes = bytes.subspan(headers_->on_bytes(bytes));
      if (headers_->at_dash()) { headers_->pass_line(false); }
    }
  } else if (in_partial_ != nullptr) {
    in_partial_->on_bytes_at(offset_, from, bytes, at, out);
    offset_ += bytes.size();
  } else if (watch_.has_value()) {
    watch_->on_bytes(from, bytes, at, out);
  }
}

void ImapFetch::on_literal_gap(std::uint64_t size) {
  if (headers_.has_value()) { headers_->on_gap(); }
  if (in_partial_ != nullptr) {
    // Only where this is what comes next; else it is missing as if it had never been fetched.
    if (in_partial_->offset() == offset_) { in_partial_->on_gap(size); }
    offset_ += size;
  } else if (watch_.has_value()) {
    watch_->on_gap(size);
  }
}

void ImapFetch::on_literal_end(Side from, Instant at, Findings& out) {
  if (headers_.has_value()) {
    describe({.section = item_.section,
              .headers = mime::read_part_headers(headers_->fields(), "text/plain")});
  }
  const auto add = [this](const std::vector<observation::Sha256>& keys) {
    keys_.insert(keys_.end(), keys.begin(), keys.end());
  };
  if (in_partial_ != nullptr) {
    add(in_partial_->keys());
  } else if (watch_.has_value()) {
    watch_->on_end(from, at, out);
    add(watch_->keys());
  }
  watch_.reset();
  headers_.reset();
  in_partial_ = nullptr;
}

void ImapFetch::end(ImapMailbox& mailbox) {
  mailbox.remember(number_, uid(mailbox), keys_);
  keys_.clear();
}

std::optional<std::uint32_t> ImapFetch::uid(const ImapMailbox& mailbox) const {
  return uid_.has_value() ? uid_ : mailbox.uid_of(number_);
}

void ImapFetch::describe(DescribedPart part) {
  described_.push_back({.number = number_, .part = std::move(part)});
  if (described_.size() > kMaxDescribed) { described_.pop_front(); }
}

/// What was told last counts.
const mime::PartHeaders* ImapFetch::described(std::string_view section) const {
  for (auto known = described_.rbegin(); known != described_.rend(); ++known) {
    if (known->number == number_ && known->part.section == section) { return &known->part.headers; }
  }
  return nullptr;
}

void ImapFetch::forget(std::uint32_t expunged) {
  const auto is_gone = [expunged](const auto& known) { return known.number == expunged; };
  std::erase_if(partials_, is_gone);
  std::erase_if(described_, is_gone);
  for (auto& known : partials_) { known.number -= known.number > expunged ? 1 : 0; }
  for (auto& known : described_) { known.number -= known.number > expunged ? 1 : 0; }
}

void ImapFetch::forget_all() {
  partials_.clear();
  described_.clear();
}

}  // namespace remora::mail
