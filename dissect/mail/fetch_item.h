#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace remora::mail {

/// What an item of a FETCH response brings, RFC 9051 7.5.2 and 6.4.5; RFC 3501 for RFC822.*.
struct FetchItem {
  enum class What : std::uint8_t {
    kOther,
    kMessage,  ///< BODY[], RFC822, BODY[3.] of a message inside
    kPart,     ///< BODY[3.1], encoded as it is; BINARY[3.1], decoded by the server
    kHeader,   ///< BODY[HEADER], BODY[3.HEADER]
    kMime,     ///< BODY[3.MIME]
    kText,     ///< BODY[TEXT], BODY[3.TEXT]
  };
  What what{What::kOther};
  /// What its body is described under: "3.1", "TEXT", "3.TEXT"; empty for a message.
  std::string section{};
  std::optional<std::uint32_t> origin{};  ///< of a partial fetch, in bytes
  bool decoded{false};
};

/// "BODY[2]<0>"
[[nodiscard]] FetchItem read_fetch_item(std::string_view name);

}  // namespace remora::mail
