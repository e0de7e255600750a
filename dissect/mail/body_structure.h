#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "dissect/mail/imap_tokens.h"
#include "dissect/mime/part_headers.h"

namespace remora::mail {

/// A part as a BODYSTRUCTURE describes it, RFC 9051 7.5.2.
struct DescribedPart {
  std::string section;  ///< "2.1", as FETCH names it; "TEXT" for the body of the whole message
  mime::PartHeaders headers;
};

/// LIMIT: of lists in lists, and of the elements of one structure.
inline constexpr std::size_t kMaxStructureDepth = 32;
inline constexpr std::size_t kMaxStructureElements = 2'000;

/// What is behind the item's name, from its parenthesis to the one that closes it, which `in` steps
/// over. Empty where it is none, or has a literal in it: then `in` is at its end and `depth` tells
/// how many lists are open there.
[[nodiscard]] std::vector<DescribedPart> read_body_structure(ImapTokens& in, std::size_t& depth);

}  // namespace remora::mail
