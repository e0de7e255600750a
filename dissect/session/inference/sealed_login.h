#pragma once

#include <cstdint>

#include "capture/base/frame.h"
#include "dissect/observation/tls.h"

namespace remora::session {

/// Reads the lengths of the first protected TLS records of a session (protocols-rdp.md 9.3): after
/// authentication the MCS phase sends PDUs of fixed size in a fixed order, and nothing else does.
///
///   start ── client 12 ──► erected ── client 8 ──► attaching ── server 11 ──► attached
///   attached ── server 15 (join confirm), any number ──► attached
///   attached ── client ≥ 150 (Client Info) ──► informed
///   informed ── server 34 or 35 (licence: valid client) or ≥ 200 (licensing, Demand Active)
///            ──► let in
///
/// ErectDomain 12, AttachUser 8, AttachUserConfirm 11, ChannelJoinConfirm 15 bytes: [MS-RDPBCGR]
/// 4.1.5 to 4.1.8.
class SealedLogin {
 public:
  /// `from_client`: sent by the RDP client. Cost: constant.
  void on_record(bool from_client, const observation::SealedRecord& record, Instant at);

  /// The MCS ladder was climbed: the server accepted the client's authentication.
  [[nodiscard]] bool authenticated() const { return step_ >= Step::kAttached; }
  /// The server let the client in.
  [[nodiscard]] bool let_in() const { return step_ == Step::kLetIn; }
  /// Of the record that let it in.
  [[nodiscard]] Instant let_in_at() const { return let_in_at_; }
  /// 0..1; lower where padding hides exact lengths.
  [[nodiscard]] double confidence() const;

  [[nodiscard]] std::uint32_t client_records() const { return client_records_; }
  [[nodiscard]] std::uint32_t server_records() const { return server_records_; }
  /// The server's last record was no longer than a TSRequest that carries an error code.
  [[nodiscard]] bool server_ended_short() const { return server_ended_short_; }

 private:
  enum class Step : std::uint8_t { kStart, kErected, kAttaching, kAttached, kInformed, kLetIn };
  Step step_{Step::kStart};
  Instant let_in_at_;
  std::uint32_t joins_{0};
  std::uint32_t client_records_{0};
  std::uint32_t server_records_{0};
  bool exact_{true};
  bool server_ended_short_{false};
};

}  // namespace remora::session
