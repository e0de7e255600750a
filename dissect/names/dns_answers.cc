#include "dissect/names/dns_answers.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "dissect/names/domain_name.h"
#include "dissect/names/host_address.h"
#include "dissect/names/host_name.h"

namespace remora::names {
namespace {

using observation::NameKind;
using observation::NameLearned;

constexpr std::size_t kMaxAliases = 16;  // LIMIT: resolvers give up earlier

/// Where the aliases lead from a name, and for how long.
struct Canonical {
  std::string_view name;
  std::chrono::seconds ttl;
};

std::optional<Canonical> follow_aliases(const DnsMessage& response, std::string_view from) {
  Canonical at{.name = from, .ttl = std::chrono::seconds::max()};
  for (std::size_t i = 0; i <= kMaxAliases; ++i) {
    const auto alias = std::ranges::find_if(response.answers, [&](const Record& record) {
      return record.type == RecordType::kCname && record.klass == kClassInternet &&
             is_same_name(record.owner, at.name);
    });
    if (alias == response.answers.end()) { return at; }
    at = {.name = alias->target, .ttl = std::min(at.ttl, alias->ttl)};
  }
  return std::nullopt;  // a loop, or as good as one
}

/// Takes the last label off `name`.
std::string_view pop_label(std::string_view& name) {
  const auto dot = name.rfind('.');
  const auto label = name.substr(dot == std::string_view::npos ? 0 : dot + 1);
  name = dot == std::string_view::npos ? std::string_view{} : name.substr(0, dot);
  return label;
}

std::optional<std::uint8_t> to_number(std::string_view digits, int base, std::size_t most) {
  std::uint8_t value = 0;
  const auto* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value, base);
  if (digits.empty() || digits.size() > most || error != std::errc{} || stop != end) {
    return std::nullopt;
  }
  return value;
}

/// `name` is what stands before "in-addr.arpa": the last byte of the address first.
std::optional<IpAddress> to_reverse_v4(std::string_view name) {
  std::array<std::byte, 4> bytes{};
  for (auto& byte : bytes) {
    const auto value = to_number(pop_label(name), 10, 3);
    if (!value.has_value()) { return std::nullopt; }
    byte = std::byte{*value};
  }
  return name.empty() ? std::optional{IpAddress::v4(bytes)} : std::nullopt;
}

/// Nibbles, the last of the address first.
std::optional<IpAddress> to_reverse_v6(std::string_view name) {
  std::array<std::byte, 16> bytes{};
  for (auto& byte : bytes) {
    const auto high = to_number(pop_label(name), 16, 1);
    const auto low = to_number(pop_label(name), 16, 1);
    if (!high.has_value() || !low.has_value()) { return std::nullopt; }
    byte = std::byte{static_cast<std::uint8_t>((*high << 4) | *low)};
  }
  return name.empty() ? std::optional{IpAddress::v6(bytes)} : std::nullopt;
}

void add(const IpAddress& address, std::string_view name, NameKind kind, std::chrono::seconds ttl,
         std::vector<NameLearned>& out) {
  auto host = to_host_name(name);
  if (!host.has_value() || !is_host_address(address)) { return; }
  out.push_back({.address = address, .name = std::move(*host), .kind = kind, .ttl = ttl});
}

}  // namespace

std::vector<NameLearned> to_names(const DnsMessage& response) {
  std::vector<NameLearned> out;
  if (!response.header.is_positive_answer() || response.questions.size() != 1) { return out; }
  const auto& question = response.questions.front();
  const auto canonical = follow_aliases(response, question.name);
  if (question.klass != kClassInternet || !canonical.has_value()) { return out; }
  const auto reversed =
      question.type == RecordType::kPtr ? to_reverse_address(question.name) : std::nullopt;
  for (const auto& record : response.answers) {
    if (record.type != question.type || record.klass != kClassInternet ||
        !is_same_name(record.owner, canonical->name)) {
      continue;
    }
    const auto ttl = std::min(canonical->ttl, record.ttl);
    if (record.address.has_value()) {
      add(*record.address, question.name, NameKind::kDns, ttl, out);
      if (is_same_name(question.name, canonical->name)) { continue; }
      add(*record.address, canonical->name, NameKind::kDns, ttl, out);
    } else if (reversed.has_value()) {
      add(*reversed, record.target, NameKind::kDnsPointer, ttl, out);
    }
  }
  return out;
}

std::optional<IpAddress> to_reverse_address(std::string_view name) {
  if (!is_same_name(pop_label(name), "arpa")) { return std::nullopt; }
  const auto below = pop_label(name);
  if (is_same_name(below, "in-addr")) { return to_reverse_v4(name); }
  return is_same_name(below, "ip6") ? to_reverse_v6(name) : std::nullopt;
}

}  // namespace remora::names
