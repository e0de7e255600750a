#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "dissect/conversation/dissector.h"
#include "dissect/spnego/authentication.h"

namespace remora::dcerpc {

/// The binding of a DCE/RPC connection: who logs on, and what the server is called.
///
///   bind ─► bind_ack ─► auth3 ─► left     (or alter_context for auth3, once or more)
///
/// State: the authentication exchange, and a count of PDUs.
class DcerpcDissector final : public Dissector {
 public:
  /// LIMIT: PDUs read before a connection without login is left.
  static constexpr std::uint32_t kMaxPdus = 16;

  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;

 private:
  spnego::Authentication authentication_;
  std::uint32_t pdus_{0};
  std::array<bool, 2> lost_{};  ///< by index_of(Side): no PDU was found since a hole
};

}  // namespace remora::dcerpc
