#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "capture/base/bytes.h"
#include "dissect/conversation/dissector.h"
#include "dissect/conversation/family.h"
#include "dissect/credssp/json_message.h"

namespace remora::credssp {

/// RDS AAD Auth, [MS-RDPBCGR] 2.2.18, up to the first TPKT: then the stream is "rdp". Its messages
/// are JSON objects, each with a NUL behind it or not. Of the assertion, a credential, only whose
/// it is is kept.
///
///   server:  {"ts_nonce":…} ─►                          ─► {"authentication_result":…} ─► "rdp"
///   client:                   ─► {"rdp_assertion":…}
///
/// What comes from the wrong side counts for nothing: only the server lets somebody in.
///
/// State: how far each side's message was looked at.
class AadDissector final : public Dissector {
 public:
  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;

 private:
  void on_message(std::string_view message, Side from, Instant at, Findings& out);

  std::array<JsonMessage, 2> messages_;  ///< by index_of(Side)
  std::array<std::size_t, 2> seen_{};    ///< bytes of them that were looked at; likewise
  std::array<bool, 2> lost_place_{};     ///< likewise
  std::optional<Side> server_;           ///< who sent the nonce
};

/// Whether a stream begins with the server's nonce.
[[nodiscard]] Verdict recognise_aad(ByteView first_bytes);

}  // namespace remora::credssp
