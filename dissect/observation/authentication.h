#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dissect/observation/named_code.h"

namespace remora::observation {

/// A step of the authentication that stands before an RDP connection: CredSSP ([MS-CSSP]) or RDSTLS
/// ([MS-RDPBCGR] 2.2.17), or RDS AAD Auth (2.2.18). Passwords, tokens and what is sealed for the
/// server are not kept.
struct Authentication {
  enum class Method : std::uint8_t {
    kNtlm,
    kKerberos,
    kRdstls,
    kRdsAad,  ///< RDS AAD Auth, [MS-RDPBCGR] 2.2.18
    kOther,   ///< CredSSP with another package, or with one that was not seen
  };
  enum class Step : std::uint8_t {
    kIdentity,   ///< the client says who it is: `user`, `domain`
    kServer,     ///< the server says what it is called: `names`
    kSucceeded,  ///< the server let the client's user in
    kFailed,     ///< …or not: `error`
  };
  Method method{};
  Step step{};
  std::string user{};         ///< without domain; UTF-8, as the next
  std::string domain{};       ///< NetBIOS or DNS domain, realm
  std::string workstation{};  ///< the client's own name
  std::string target{};       ///< service that the client believes it talks to: "TERMSRV/host"
  std::vector<std::string> names{};  ///< of kServer: DNS name first, then NetBIOS
  std::optional<NamedCode> error{};  ///< NTSTATUS, RDSTLS result or early authorisation result
  bool operator==(const Authentication&) const = default;
};

}  // namespace remora::observation
