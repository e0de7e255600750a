#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "capture/base/bytes.h"
#include "dissect/conversation/family.h"
#include "tests/support/damage.h"

namespace remora::names::testing {

/// One datagram; addresses and ports in text, "192.0.2.10", 53.
struct Sent {
  std::string_view source;
  std::uint16_t source_port{0};
  std::string_view destination;
  std::uint16_t destination_port{0};
};

inline Datagram to_datagram(const Sent& sent, ByteView bytes) {
  return {.from = Side::kAcceptor,
          .source = {*IpAddress::parse(sent.source), Port{sent.source_port}},
          .destination = {*IpAddress::parse(sent.destination), Port{sent.destination_port}},
          .bytes = bytes,
          .at = {}};
}

inline std::string to_text(const observation::NameLearned& name) {
  auto text = name.address.to_text() + " is " + name.name;
  if (name.ttl.has_value()) { text += " for " + std::to_string(name.ttl->count()); }
  if (name.told_to.has_value()) { text += " to " + name.told_to->to_text(); }
  return text + (name.told_to_receiver ? " to receiver" : "");
}

inline std::string to_text(const Finding& finding) {
  std::string text{finding.rule};
  if (const auto* name = std::get_if<observation::NameLearned>(&finding.what)) {
    return text + ": " + to_text(*name);
  }
  if (const auto* host = std::get_if<observation::HostNamed>(&finding.what)) {
    text += ": " + host->holder + " calls itself";
    for (const auto& one : host->names) { text += " " + one; }
  } else if (const auto* given = std::get_if<observation::AddressAssigned>(&finding.what)) {
    text += ": " + given->address.to_text() + " given to " + given->holder;
    for (const auto& one : given->names) { text += " " + one; }
    if (given->lease.has_value()) { text += " for " + std::to_string(given->lease->count()); }
  } else if (const auto* left = std::get_if<observation::AddressReleased>(&finding.what)) {
    text += ": " + left->address.to_text() + " given back";
  }
  return text;
}

/// A datagram on its way to a family.
struct Passing {
  Sent sent;
  std::vector<std::byte> bytes;
  Nanoseconds when{};
};

/// What a family tells of datagrams, in words: "dns.answer: 192.0.2.1 is host for 300 to
/// 192.0.2.10".
inline std::vector<std::string> told(const Family& family, const std::vector<Passing>& datagrams) {
  Findings out;
  const auto reader = family.make_reader == nullptr ? nullptr : family.make_reader();
  for (const auto& passing : datagrams) {
    auto datagram = to_datagram(passing.sent, passing.bytes);
    datagram.at.time = Moment{passing.when};
    if (reader != nullptr) {
      reader->on_datagram(datagram, out);
    } else {
      family.read_datagram(datagram, out);
    }
  }
  std::vector<std::string> words;
  for (const auto& finding : out.found()) { words.push_back(to_text(finding)); }
  return words;
}

inline std::vector<std::string> told(const Family& family, const Sent& sent, ByteView bytes) {
  return told(family, {{.sent = sent, .bytes = {bytes.begin(), bytes.end()}}});
}

inline Sent back(const Sent& sent) {
  return {.source = sent.destination,
          .source_port = sent.destination_port,
          .destination = sent.source,
          .destination_port = sent.source_port};
}

/// Each truncation and each changed byte may tell something else and must do no harm.
inline void expect_harmless_when_damaged(const Family& family, const Sent& sent, ByteView good) {
  const auto read = [&](const std::vector<std::byte>& bytes) {
    (void)family.recognise_datagram(to_datagram(sent, bytes));
    (void)told(family, sent, bytes);
  };
  remora::testing::for_every_truncation(good, read);
  remora::testing::for_every_changed_byte(good, read);
}

using Words = std::vector<std::string>;

}  // namespace remora::names::testing
