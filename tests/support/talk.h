#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/conversation/conversation.h"
#include "dissect/families.h"
#include "tests/support/finding_equality.h"

namespace remora::testing {

/// What one side of a flow says in one go.
struct Said {
  Side from{};
  std::vector<std::byte> bytes;
};

inline Said from_client(std::vector<std::byte> bytes) {
  return {.from = Side::kInitiator, .bytes = std::move(bytes)};
}
inline Said from_server(std::vector<std::byte> bytes) {
  return {.from = Side::kAcceptor, .bytes = std::move(bytes)};
}
inline std::vector<std::byte> text_bytes(std::string_view text) {
  const auto bytes = as_bytes(text);
  return {bytes.begin(), bytes.end()};
}

/// A conversation with all families, and what it found.
struct Heard {
  Conversation conversation{all_families()};
  std::vector<Finding> found;

  /// "proxy.socks5 x224.connection_request "
  [[nodiscard]] std::string rules() const {
    std::string text;
    for (const auto& finding : found) { text += finding.rule + std::string{" "}; }
    return text;
  }
  /// The only finding of its kind; fails the test when there is none, or more than one.
  template <typename What>
  [[nodiscard]] What only() const {
    std::vector<What> all;
    for (const auto& finding : found) {
      if (const auto* what = std::get_if<What>(&finding.what)) { all.push_back(*what); }
    }
    EXPECT_EQ(all.size(), 1U) << rules();
    return all.empty() ? What{} : all.front();
  }
};

/// Leads all that is said through a conversation, each in pieces of at most `size` bytes.
inline Heard hear(const std::vector<Said>& talk, std::size_t size = std::size_t{1} << 20U) {
  Heard heard;
  for (const auto& said : talk) {
    for (ByteView rest = said.bytes; !rest.empty();) {
      const auto piece = rest.first(std::min(size, rest.size()));
      heard.conversation.on_bytes(said.from, piece, {}, heard.found);
      rest = rest.subspan(piece.size());
    }
  }
  return heard;
}

/// The law of splits: the same findings however the bytes come.
inline void expect_same_in_pieces(const std::vector<Said>& talk) {
  const auto whole = hear(talk);
  for (const std::size_t size : {1U, 2U, 3U, 5U, 7U, 16U, 50U}) {
    const auto pieces = hear(talk, size);
    ASSERT_EQ(pieces.rules(), whole.rules()) << "pieces of " << size;
    for (std::size_t i = 0; i < whole.found.size(); ++i) {
      EXPECT_TRUE(pieces.found[i] == whole.found[i]) << whole.found[i].rule << ", " << size;
    }
  }
}

/// Nothing that is cut off or changed does more harm than to be reported.
inline void expect_survives_damage(const std::vector<Said>& talk) {
  for (std::size_t at = 0; at < talk.size(); ++at) {
    for (std::size_t i = 0; i < talk[at].bytes.size(); ++i) {
      auto cut = talk;
      cut[at].bytes.resize(i);
      (void)hear(cut);
      for (const auto flip : {std::byte{0x01}, std::byte{0x80}, std::byte{0xff}}) {
        auto changed = talk;
        changed[at].bytes[i] ^= flip;
        (void)hear(changed);
      }
    }
  }
}

}  // namespace remora::testing
