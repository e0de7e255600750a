#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "dissect/conversation/dissector.h"
#include "dissect/dcerpc/call_pdu.h"
#include "dissect/dcerpc/calls.h"
#include "dissect/dcerpc/contexts.h"
#include "dissect/dcerpc/pdu_header.h"
#include "dissect/spnego/authentication.h"

namespace remora::dcerpc {

/// A DCE/RPC connection: who logs on, what the server is called, and the calls by which Remote
/// Assistance is offered.
///
///   bind ─► bind_ack ─► auth3 ─► calls     (or alter_context for auth3, once or more, at any time)
///
/// Where the bind was not seen, calls that may be those of an offer are told, so that the port may
/// tell whose they are.
///
/// State: the authentication exchange, presentation contexts, calls on their way, a count of PDUs.
class DcerpcDissector final : public Dissector {
 public:
  /// LIMIT: PDUs read before a connection without login, or one whose interfaces say nothing, is
  /// left…
  static constexpr std::uint32_t kMaxPdus = 16;
  /// …and one with an interface of interest.
  static constexpr std::uint32_t kMaxPdusOfInterest = 4096;

  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;

 private:
  [[nodiscard]] bool is_spent() const;
  /// What the call's interface is, or may be; kOther where it is not read.
  [[nodiscard]] Contexts::Context context_of(const RequestHead& head) const;
  /// Empty where the PDU's kind is not clear yet.
  [[nodiscard]] std::optional<bool> needs_body(const PduHeader& header, ByteView bytes);
  void on_pdu(Side from, const PduHeader& header, ByteView pdu, Instant at, Findings& out);
  void on_binding(Side from, const PduHeader& header, ByteView pdu, Instant at, Findings& out);
  void on_token(Side from, const PduHeader& header, ByteView pdu, Instant at, Findings& out);
  void on_request(Side from, const PduHeader& header, ByteView pdu, Instant at, Findings& out);
  void on_answer(Side from, const PduHeader& header, ByteView pdu, Instant at, Findings& out);
  void tell_bound(Side client, Interface offer, Instant at, Findings& out);
  void tell_logon(Side client, Instant at, Findings& out);

  spnego::Authentication authentication_;
  Contexts contexts_;
  Calls calls_;
  std::string logon_user_;  ///< of the client, as far as it was told in clear
  std::string logon_domain_;
  std::uint32_t pdus_{0};
  bool bound_{false};           ///< the bind was seen
  std::array<bool, 2> lost_{};  ///< by index_of(Side): no PDU was found since a hole
};

}  // namespace remora::dcerpc
