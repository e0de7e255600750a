#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace remora::mail {

/// One piece of a line of IMAP, RFC 9051 9.
struct ImapToken {
  enum class Kind : std::uint8_t { kEnd, kOpen, kClose, kAtom, kQuoted, kLiteral };
  Kind kind{Kind::kEnd};
  std::string_view text{};  ///< atom as it stands, with what its brackets hold; quoted: raw inside
  std::uint32_t size{0};    ///< of the literal whose bytes follow the line
  bool waits{true};         ///< a literal whose sender waits for "+" before it sends it
};

/// Takes a line, or what stands between two literals of it, apart. Borrows from it.
class ImapTokens {
 public:
  explicit ImapTokens(std::string_view line) : rest_{line} {}
  [[nodiscard]] ImapToken next();
  [[nodiscard]] std::string_view rest() const { return rest_; }

 private:
  [[nodiscard]] ImapToken take_quoted();
  [[nodiscard]] ImapToken take_atom();

  std::string_view rest_;
};

/// The literal that the line ends with; kEnd where there is none.
[[nodiscard]] ImapToken literal_at_end(std::string_view line);

/// A quoted string's text without the backslashes that quote.
[[nodiscard]] std::string unquoted(std::string_view raw);

/// Whether `number` is in the set: "1,3:5,7:*".
[[nodiscard]] bool in_set(std::string_view set, std::uint32_t number);

}  // namespace remora::mail
