#pragma once

#include <cstdint>
#include <optional>

#include "capture/base/bytes.h"
#include "capture/base/flow_key.h"
#include "capture/base/frame.h"
#include "dissect/conversation/findings.h"
#include "dissect/kerberos/messages.h"
#include "dissect/ntlm/messages.h"
#include "dissect/observation/authentication.h"

namespace remora::credssp {

/// What the negoTokens of one exchange tell: bare NTLM, or SPNEGO with NTLM or Kerberos.
///
/// Observes Authentication: kServer of a CHALLENGE, kIdentity of an AUTHENTICATE or an AP-REQ. Of
/// Kerberos the service is in clear; the client's name is in the sealed ticket.
/// State: the mechanism, how much was told.
class Negotiation {
 public:
  using Method = observation::Authentication::Method;
  /// LIMIT: identities and servers told; a peer could repeat its messages forever.
  static constexpr int kMaxTold = 8;

  void on_token(Side from, ByteView token, Instant at, Findings& out);

  /// That of the last message of a known mechanism: one may be tried, and another be used.
  [[nodiscard]] Method method() const { return method_; }
  /// As the messages tell it; empty until one does.
  [[nodiscard]] std::optional<Side> client() const { return client_; }

 private:
  void on_message(const ntlm::Negotiate&, Side from, Instant at, Findings& out);
  void on_message(const ntlm::Challenge& challenge, Side from, Instant at, Findings& out);
  void on_message(const ntlm::Authenticate& authenticate, Side from, Instant at, Findings& out);
  void on_ap_req(const kerberos::Message& message, Side from, Instant at, Findings& out);
  void name_server(const ntlm::TargetInfo& info, const char* rule, Side from, Instant at,
                   Findings& out);
  void tell(const char* rule, observation::Authentication what, Side from, Instant at,
            Findings& out);

  Method method_{Method::kOther};
  std::optional<Side> client_;
  bool server_named_{false};
  int told_{0};
};

}  // namespace remora::credssp
