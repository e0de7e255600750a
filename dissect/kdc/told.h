#pragma once

#include <string>
#include <vector>

#include "dissect/kerberos/messages.h"

namespace remora::kdc {

/// What one message between a client and its key distribution centre says of the client's machine.
struct Told {
  bool by_client{false};                  ///< a request; else the centre's answer
  std::vector<std::string> client_names;  ///< of the client's machine
  std::string user;                       ///< empty for machines and for what is not told
  std::string domain;                     ///< realm
  std::string service;                    ///< "TERMSRV/srv.corp.example"; never krbtgt

  [[nodiscard]] bool has_account() const { return !user.empty() || !service.empty(); }
};

/// A request is only a wish: its client name is not taken before the centre has answered it.
[[nodiscard]] Told what_is_told(const kerberos::Message& message);

}  // namespace remora::kdc
