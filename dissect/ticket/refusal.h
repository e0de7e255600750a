#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <tl/expected.hpp>

namespace remora::ticket {

/// A place in a document, both counted from 1; columns are characters.
struct Position {
  std::uint32_t line{1};
  std::uint32_t column{1};
  bool operator==(const Position&) const = default;
};

/// Why something that claims to be a ticket is none.
struct Refusal {
  const char* error{""};  ///< stable dotted word, a literal; docs/events.md lists them
  std::optional<Position> at{};
  bool decrypted{false};  ///< seen only because a password opened it
};

template <typename T>
using Read = tl::expected<T, Refusal>;

/// The place of the character that begins at byte `offset` of UTF-8 text.
[[nodiscard]] Position position_of(std::string_view utf8, std::size_t offset);

}  // namespace remora::ticket
