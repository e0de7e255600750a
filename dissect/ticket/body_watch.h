#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "capture/base/bytes.h"
#include "capture/base/flow_key.h"
#include "capture/base/frame.h"
#include "dissect/conversation/context.h"
#include "dissect/conversation/findings.h"
#include "dissect/observation/ticket.h"
#include "dissect/ticket/document_watch.h"

namespace remora::ticket {

/// How far a body is searched for marks that does not begin as a ticket does, in bytes. What does
/// is read whatever it is called.
inline constexpr std::uint64_t kNotSearched = 0;                            ///< pictures, archives
inline constexpr std::uint64_t kSearchedBriefly = std::uint64_t{4} << 10U;  ///< pages, programs
inline constexpr std::uint64_t kSearched = std::uint64_t{64} << 10U;        ///< text, unknown

/// One body on its way past a DocumentWatch, for carriers whose bodies may be large: says, after a
/// bounded number of bytes, that the rest cannot matter, so that the carrier can pass over it.
///
///   undecided ─► begins as a ticket, or is named as one: read up to kMaxRead
///       │
///       └─► does not: searched as far as its carrier says, or up to the first NUL byte
///
/// State: that of DocumentWatch, and up to kMaxPrologBytes while undecided. The same findings
/// however the bytes are cut.
class BodyWatch {
 public:
  /// LIMIT: read of a body that begins as a ticket does; 16 tickets at their largest.
  static constexpr std::uint64_t kMaxRead = std::uint64_t{1} << 20U;

  /// `context` outlives the watch.
  BodyWatch(observation::Carriage carriage, std::uint64_t searched, const Context& context,
            Look look = Look::kDocument);

  void on_bytes(Side from, ByteView bytes, Instant at, Findings& out);
  void on_gap();
  void on_end(Side from, Instant at, Findings& out);

  /// False once the rest of the body cannot matter.
  [[nodiscard]] bool wanted() const;
  [[nodiscard]] DocumentWatch& document() { return document_; }

 private:
  void judge(Side from, ByteView bytes, Instant at, Findings& out);
  void decide(bool begins_as_ticket, Side from, Instant at, Findings& out);
  void read(Side from, ByteView bytes, Instant at, Findings& out);
  [[nodiscard]] ByteView next_part(ByteView bytes);

  DocumentWatch document_;
  std::uint64_t limit_;           ///< in bytes from the body's start
  std::uint64_t read_{0};         ///< by the document
  std::vector<std::byte> first_;  ///< while undecided
  bool decided_{false};
  bool begins_as_ticket_{false};
};

}  // namespace remora::ticket
