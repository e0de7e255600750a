#pragma once

#include <string_view>

#include "capture/base/bytes.h"
#include "dissect/keys/key_ring.h"
#include "dissect/observation/ticket.h"
#include "dissect/ticket/refusal.h"
#include "dissect/ticket/text_form.h"

namespace remora::ticket {

/// Reads a whole ticket, whatever its format: an invitation file ([MS-RAI] 6), or a connection
/// string on its own. What is sealed is opened where a password of `keys` fits. All refusals of
/// protocols-ra.md 1.1; their places count in characters of the document.
[[nodiscard]] Read<observation::Ticket> read_ticket(ByteView document, TextForm form,
                                                    const keys::KeyRing& keys);

/// Whether text that could not be read claims to be a ticket: an UPLOADINFO with TYPE, or with the
/// attributes that hold connection strings; an E that begins with a key hash.
[[nodiscard]] bool claims_to_be_ticket(std::string_view utf8);

/// Whether text that could not be read begins as an invitation does and as no text that speaks of
/// one: UPLOADDATA right behind its root, and in it the beginning of a connection string.
[[nodiscard]] bool begins_as_invitation(std::string_view utf8);

}  // namespace remora::ticket
