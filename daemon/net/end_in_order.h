#pragma once

#include <string>

#include <tl/expected.hpp>

#include "daemon/net/connection.h"

namespace remora::net {

/// Ends our side, then waits for the peer to end its own: the nearest to an acknowledgement that a
/// protocol without answers has. Success says that the peer's program has read all that was
/// written, if it reads to the end as such peers do, for then
///
///   - the peer had not ended before we did: an end of that time says nothing of what we sent;
///   - it ended TCP in order, behind its close_notify where TLS is spoken: a program that stops may
///     send close_notify unasked, but leaves bytes unread, and that is a reset;
///   - its system has acknowledged all that was sent, and no reset came behind its end: the answer
///     to bytes that were still under way when it closed.
///
/// LIMIT: a program that reads and drops what it read, since it refuses us after all, looks like
/// one that keeps it; rsyslog's permittedPeer does so with what came along with the handshake. Who
/// is behind a proxy is not known: its end is what is seen. A program that half-closes after our
/// end has come, and only then goes away with bytes unread, cannot be told from one that has read
/// them: nothing of it is on the wire.
[[nodiscard]] tl::expected<void, std::string> end_in_order(Connection& connection,
                                                           Deadline deadline);

}  // namespace remora::net
