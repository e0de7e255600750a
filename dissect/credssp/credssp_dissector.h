#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "capture/base/bytes.h"
#include "capture/base/flow_key.h"
#include "dissect/conversation/dissector.h"
#include "dissect/credssp/negotiation.h"
#include "dissect/credssp/ts_request.h"

namespace remora::credssp {

/// CredSSP, [MS-CSSP] 3.1.5, and the Early User Authorization Result PDU, [MS-RDPBCGR] 2.2.10.2, up
/// to the first TPKT: then the stream is "rdp".
///
///   client:  token ─►        … token, pubKeyAuth ─►             authInfo ─►           TPKT ─►
///   "rdp" server:         ─► token …          pubKeyAuth (let in) ─►          [0 ─► "rdp"]
///                                       errorCode (refused)             [5: refused]
///
/// The token and pubKeyAuth of the client may come apart. Whether the server sends the result
/// (HYBRID_EX) is not known here: a TSRequest begins with 30h, TPKT with 03h, the result with
/// neither. State: the roles, how far it has come.
class CredSspDissector final : public Dissector {
 public:
  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;

 private:
  [[nodiscard]] std::size_t on_ts_request(Side from, ByteView bytes, Instant at, Findings& out);
  [[nodiscard]] std::size_t on_result(Side from, ByteView bytes, Instant at, Findings& out);
  void on_server(const TsRequest& request, Side from, Instant at, Findings& out);
  void refuse(const char* rule, observation::NamedCode error, Side from, Instant at, Findings& out);

  Negotiation negotiation_;
  std::optional<Side> client_;
  bool client_bound_{false};  ///< it has sent its pubKeyAuth
  bool let_in_{false};
  std::array<bool, 2> lost_place_{};  ///< by index_of(Side)
};

}  // namespace remora::credssp
