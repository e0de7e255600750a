#pragma once

#include <string>

#include "capture/base/bytes.h"
#include "capture/base/flow_key.h"
#include "capture/base/frame.h"
#include "dissect/conversation/findings.h"
#include "dissect/kerberos/messages.h"
#include "dissect/ntlm/messages.h"

namespace remora::spnego {

/// The authentication exchange of one stream, whatever carries its tokens: says which machines and
/// which account they name. A Dissector of a carrier owns one and gives it every security blob.
///
///   client ─ NEGOTIATE ─► server ─ CHALLENGE ─► client ─ AUTHENTICATE ─► (answered)
///   client ─ AP-REQ ─► (answered)
///
/// State: the names that the server gave itself. Observes EndNamed and EndAccount.
class Authentication {
 public:
  /// A blob that `from` sent: SPNEGO, NTLM or Kerberos, bare or framed. Anything else says nothing.
  void on_blob(Side from, ByteView blob, Instant at, Findings& out);

  /// The client has said who it is: nothing new follows unless it logs on again.
  [[nodiscard]] bool answered() const { return answered_; }

 private:
  void on_challenge(Side from, const ntlm::Challenge& challenge, Instant at, Findings& out);
  void on_authenticate(Side from, const ntlm::Authenticate& authenticate, Instant at,
                       Findings& out);
  void name_server(Side server, const ntlm::TargetInfo& info, Side from, Instant at, Findings& out);
  [[nodiscard]] bool is_server(const std::string& name) const;

  std::string server_dns_name_;
  std::string server_netbios_name_;
  bool answered_{false};
};

/// A name that a login gives to a machine, as it may be kept: without the slashes before it and the
/// dot behind. Empty for what is none, and for what machines send that have no name to give.
[[nodiscard]] std::string machine_name(const std::string& given);

/// Whose account a client shows.
struct Account {
  std::string user;    ///< without domain
  std::string domain;  ///< that of a user principal name where no other is given
  bool operator==(const Account&) const = default;
};
[[nodiscard]] Account account_of(const ntlm::Authenticate& authenticate);

/// The machine of a service principal's text, "cifs/srv.corp.example:445/CORP" or "HTTP/srv"; empty
/// when it is none.
[[nodiscard]] std::string host_of_service(const std::string& service);

}  // namespace remora::spnego
