#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "capture/base/bytes.h"
#include "dissect/ticket/text_form.h"

namespace remora::ticket {

/// LIMIT: bytes of a document in which its root element must begin: declaration, comments.
inline constexpr std::size_t kMaxPrologBytes = 1024;

/// What the first bytes of a document say it is.
enum class DocumentStart : std::uint8_t {
  kMore,               ///< not told yet
  kInvitation,         ///< its root is UPLOADINFO
  kConnectionString2,  ///< its root is E, with A in it
  kConnectionString1,  ///< it begins as connection string 1 does
  kOther,
};

/// Judges the first bytes, at most kMaxPrologBytes of them. The same for more bytes, once told.
[[nodiscard]] DocumentStart judge_start(ByteView first);

/// "Invitation.msrcIncident": whether a file of this name is a ticket, whatever is in it.
[[nodiscard]] bool is_ticket_name(std::string_view file_name);

}  // namespace remora::ticket
