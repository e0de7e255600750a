#include "dissect/mail/imap_mailbox.h"

#include <algorithm>

#include "dissect/encoding/text.h"
#include "dissect/mail/imap_tokens.h"

namespace remora::mail {
namespace {

/// LIMIT: of a mailbox's or an account's name.
constexpr std::size_t kMaxName = 128;

}  // namespace

void ImapMailbox::set_account(std::string_view name) {
  account_ = encoding::to_utf8(as_bytes(name.substr(0, kMaxName)));
}

void ImapMailbox::select(std::string_view name) {
  name_ = encoding::to_utf8(as_bytes(name.substr(0, kMaxName)));
  validity_ = 0;
  messages_.clear();
}

ImapMailbox::Message* ImapMailbox::find(std::uint32_t number) {
  const auto found = std::ranges::find(messages_, number, &Message::number);
  return number == 0 || found == messages_.end() ? nullptr : &*found;
}

/// Known by number or id, else new.
ImapMailbox::Message& ImapMailbox::message(std::uint32_t number, std::optional<std::uint32_t> uid) {
  if (auto* known = find(number)) { return *known; }
  const auto same = std::ranges::find_if(
      messages_, [uid](const Message& known) { return uid.has_value() && known.uid == uid; });
  if (same != messages_.end()) {
    same->number = number == 0 ? same->number : number;
    return *same;
  }
  if (messages_.size() >= kMaxMessages) {
    // What holds a ticket stays longest.
    const auto plain =
        std::ranges::find_if(messages_, [](const Message& known) { return known.keys.empty(); });
    messages_.erase(plain == messages_.end() ? messages_.begin() : plain);
  }
  return messages_.emplace_back(Message{.number = number, .uid = uid});
}

void ImapMailbox::learn(std::uint32_t number, std::uint32_t uid) {
  message(number, uid).uid = uid;
}

std::optional<std::uint32_t> ImapMailbox::uid_of(std::uint32_t number) const {
  const auto found = std::ranges::find(messages_, number, &Message::number);
  return found == messages_.end() ? std::nullopt : found->uid;
}

/// Ids hold for a mailbox and its UIDVALIDITY.
std::string ImapMailbox::place_of(std::optional<std::uint32_t> uid) const {
  if (!uid.has_value() || name_.empty()) { return {}; }
  const auto account = account_.empty() ? std::string{} : account_ + ":";
  const auto validity = validity_ == 0 ? std::string{} : ";" + std::to_string(validity_);
  return account + name_ + validity + "/" + std::to_string(*uid);
}

void ImapMailbox::remember(std::uint32_t number, std::optional<std::uint32_t> uid,
                           const std::vector<observation::Sha256>& keys) {
  if (keys.empty()) { return; }
  auto& held = message(number, uid);
  if (uid.has_value()) { held.uid = uid; }
  for (const auto& key : keys) {
    if (std::ranges::find(held.keys, key) == held.keys.end()) { held.keys.push_back(key); }
  }
}

void ImapMailbox::flag(std::string_view set, bool by_uid, bool deleted) {
  for (auto& known : messages_) {
    const auto number = by_uid ? known.uid.value_or(0) : known.number;
    if (number != 0 && in_set(set, number)) { known.deleted = deleted; }
  }
}

void ImapMailbox::flag(std::uint32_t number, bool deleted) {
  if (auto* known = find(number)) { known->deleted = deleted; }
}

void ImapMailbox::on_expunged(std::uint32_t number, Side client, Instant at, Findings& out) {
  std::erase_if(messages_, [&](const Message& known) {
    if (known.number != number) { return false; }
    tell(known, client, at, out);
    return true;
  });
  for (auto& known : messages_) {
    if (known.number > number) { --known.number; }
  }
}

void ImapMailbox::on_vanished(std::string_view uids, Side client, Instant at, Findings& out) {
  std::erase_if(messages_, [&](const Message& known) {
    if (!known.uid.has_value() || !in_set(uids, *known.uid)) { return false; }
    tell(known, client, at, out);
    return true;
  });
  // Others may have vanished too, so numbers are worth nothing any more.
  for (auto& known : messages_) { known.number = 0; }
}

void ImapMailbox::on_closed(Side client, Instant at, Findings& out) {
  for (const auto& known : messages_) {
    if (known.deleted) { tell(known, client, at, out); }
  }
  select({});
}

/// By what it held where that was seen, else by where it lay.
void ImapMailbox::tell(const Message& message, Side client, Instant at, Findings& out) const {
  observation::CopyDeleted deleted{
      .ticket = {}, .carriage = {.protocol = "IMAP", .place = place_of(message.uid)}};
  for (const auto& key : message.keys) {
    deleted.ticket = key;
    out.observe(at, client, "imap.expunge", deleted);
  }
  if (message.keys.empty() && !deleted.carriage.place.empty()) {
    out.observe(at, client, "imap.expunge", deleted);
  }
}

}  // namespace remora::mail
