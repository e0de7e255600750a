#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "capture/base/bytes.h"
#include "capture/base/flow_key.h"
#include "capture/base/frame.h"
#include "dissect/conversation/findings.h"
#include "dissect/observation/ticket.h"

namespace remora::ticket {

/// Looks for tickets in one document on its way: a file, an attachment, a message body, whatever
/// its carrier has taken the wrapping off. Bytes come in order and in pieces of any size; the same
/// bytes in other pieces give the same findings.
///
/// Reports TicketSeen and TicketRefused. State: a few hundred bytes, and up to kMaxTicketBytes
/// while what looks like a ticket is coming in; LIMIT: kMaxTicketsPerDocument reported.
class DocumentWatch {
 public:
  static constexpr std::size_t kMaxTicketBytes = std::size_t{64} << 10U;
  static constexpr std::size_t kMaxTicketsPerDocument = 16;

  explicit DocumentWatch(observation::Carriage carriage);

  /// The next bytes of the document, sent by `from`; `at` is the packet that brought them.
  void on_bytes(Side from, ByteView bytes, Instant at, Findings& out);
  /// Bytes of the document are missing here: a ticket that had begun is given up, unreported.
  void on_gap();
  /// No more comes. A ticket that had begun is refused as cut off.
  void on_end(Side from, Instant at, Findings& out);

  /// The name came later than the bytes, or changed.
  void set_carriage(observation::Carriage carriage);
  /// Keys of the tickets found so far, for a carrier that sees the copy deleted.
  [[nodiscard]] const std::vector<observation::Sha256>& keys() const;
};

}  // namespace remora::ticket
