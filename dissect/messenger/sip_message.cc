#include "dissect/messenger/sip_message.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "dissect/encoding/text.h"

namespace remora::messenger {
namespace {

constexpr std::string_view kVersion{"SIP/2.0"};
/// RFC 3261, 3262, 3265, 3311, 3428, 3515, 3903, 6086.
constexpr std::array<std::string_view, 14> kMethods{
    "INVITE ",    "ACK ",    "BYE ",    "CANCEL ",  "OPTIONS ", "REGISTER ", "PRACK ",
    "SUBSCRIBE ", "NOTIFY ", "UPDATE ", "MESSAGE ", "REFER ",   "PUBLISH ",  "INFO "};

/// Behind the line ends that keep a connection alive.
std::size_t size_of_keep_alives(std::string_view text) {
  return std::min(text.find_first_not_of("\r\n"), text.size());
}

char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_named(std::string_view line, std::string_view name) {
  if (line.size() <= name.size()) { return false; }
  for (std::size_t at = 0; at < name.size(); ++at) {
    if (to_lower(line[at]) != name[at]) { return false; }
  }
  const auto colon = line.find_first_not_of(" \t", name.size());
  return colon != std::string_view::npos && line[colon] == ':';
}

/// What follows the colon in the first header line of that name, or of its short form.
std::optional<std::string_view> value_of(std::string_view head, std::string_view name,
                                         std::string_view short_form) {
  while (!head.empty()) {
    const auto end = std::min(head.find('\n'), head.size());
    const auto line = head.substr(0, end);
    head.remove_prefix(std::min(end + 1, head.size()));
    if (!is_named(line, name) && !is_named(line, short_form)) { continue; }
    auto value = line.substr(line.find(':') + 1);
    value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
    return value;
  }
  return std::nullopt;
}

/// `"Alice" <sip:alice@example.com>;tag=1`, and the same without brackets.
std::string account_in(std::string_view value) {
  constexpr std::size_t kMostCharacters = 256;  // LIMIT
  for (const std::string_view scheme : {"sip:", "sips:"}) {
    const auto place = value.find(scheme);
    if (place == std::string_view::npos) { continue; }
    const auto address = value.substr(place + scheme.size());
    const auto whole = address.substr(0, address.find_first_of(">;? \t\r"));
    // RFC 3261 25.1: user ":" password "@" host ":" port. The password must not be told.
    const auto at = whole.rfind('@');
    if (at == std::string_view::npos || whole.size() > kMostCharacters) { continue; }
    const auto user = whole.substr(0, std::min(at, whole.find(':')));
    const auto host = whole.substr(at);
    const auto port =
        host.find(':', host.starts_with("@[") ? std::min(host.find(']'), host.size()) : 0);
    const auto account = std::string{user} + std::string{host.substr(0, port)};
    return encoding::to_utf8(as_bytes(account));
  }
  return {};
}

}  // namespace

Verdict recognise_sip(ByteView first_bytes) {
  const auto text = as_text(first_bytes.first(std::min<std::size_t>(first_bytes.size(), 1024)));
  if (text.starts_with(kVersion)) { return Verdict::kYes; }
  if (kVersion.starts_with(text)) { return Verdict::kMore; }
  const auto method = std::ranges::find_if(kMethods, [&](std::string_view each) {
    return text.starts_with(each) || each.starts_with(text);
  });
  if (method == kMethods.end()) { return Verdict::kNo; }
  // HTTP has some of these methods too: its targets begin otherwise.
  const auto target = text.substr(std::min(method->size(), text.size()));
  constexpr std::array<std::string_view, 3> kSchemes{"sip:", "sips:", "tel:"};
  const bool may = std::ranges::any_of(kSchemes, [&](std::string_view scheme) {
    return target.starts_with(scheme) || scheme.starts_with(target);
  });
  if (!may) { return Verdict::kNo; }
  const auto end = text.find('\n');
  if (end == std::string_view::npos) { return text.size() < 1024 ? Verdict::kMore : Verdict::kNo; }
  const auto line = text.substr(0, end);
  return line.ends_with(" SIP/2.0\r") || line.ends_with(" SIP/2.0") ? Verdict::kYes : Verdict::kNo;
}

Extent measure_sip_head(ByteView bytes) {
  const auto text = as_text(bytes.first(std::min(bytes.size(), kMaxSipHead)));
  const auto start = size_of_keep_alives(text);
  if (start > 0 && start == text.size()) { return Extent::whole(start); }
  const auto verdict = recognise_sip(bytes.subspan(start));
  if (verdict == Verdict::kNo) { return Extent::lost("no SIP message"); }
  const auto end = text.find("\r\n\r\n", start);
  if (end != std::string_view::npos) { return Extent::whole(end + 4); }
  return text.size() == kMaxSipHead ? Extent::lost("head too long") : Extent::more();
}

std::optional<std::uint64_t> sip_content_length(std::string_view head) {
  const auto value = value_of(head, "content-length", "l");
  if (!value.has_value()) { return std::nullopt; }
  std::uint64_t length = 0;
  const auto [rest, error] = std::from_chars(value->data(), value->data() + value->size(), length);
  if (error != std::errc{} || rest == value->data()) { return std::nullopt; }
  return length;
}

SipAccounts sip_accounts(std::string_view head) {
  SipAccounts accounts{.sender = account_in(value_of(head, "from", "f").value_or("")),
                       .receiver = account_in(value_of(head, "to", "t").value_or(""))};
  head.remove_prefix(size_of_keep_alives(head));
  if (head.starts_with(kVersion)) { std::swap(accounts.sender, accounts.receiver); }
  return accounts;
}

}  // namespace remora::messenger
