#pragma once

#include <string_view>

#include "capture/base/bytes.h"
#include "dissect/conversation/family.h"

namespace remora::mail {

/// By the greeting of the server, or else by the client's first command. A greeting "220 …" that
/// names neither SMTP nor FTP leaves it to the client. Each rejects by the first bytes.
[[nodiscard]] Verdict recognise_smtp(ByteView first_bytes);
/// "+OK …" from the server, or a command that no other protocol has.
[[nodiscard]] Verdict recognise_pop3(ByteView first_bytes);
/// "* OK …" from the server, or a tag with a command behind it.
[[nodiscard]] Verdict recognise_imap(ByteView first_bytes);

/// Whether `text` begins with a command of SMTP, as a line of a message does not; kMore while it
/// may still be one.
[[nodiscard]] Verdict smtp_command(std::string_view text);

}  // namespace remora::mail
