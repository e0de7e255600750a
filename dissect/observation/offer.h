#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "capture/base/address.h"
#include "capture/base/flow_key.h"
#include "dissect/observation/named_code.h"

namespace remora::observation {

/// A Windows session of the novice's machine and whose it is.
struct NoviceSession {
  std::uint32_t id{0};
  std::string user{};
  std::string domain{};
  bool operator==(const NoviceSession&) const = default;
};

/// One step of an unsolicited offer of Remote Assistance over DCOM, [MS-RAI] 3.2.4 and 3.4.4. The
/// novice is the other side of the expert's. What the step does not tell is absent.
struct OfferSeen {
  enum class Service : std::uint8_t {
    kPchService,  ///< Windows XP and Server 2003
    kRaSrv,       ///< Windows Vista and later
  };
  enum class Step : std::uint8_t {
    kActivation,  ///< the novice's service is asked for
    kActivated,   ///< it is there; `listeners`
    kMapped,      ///< the endpoint mapper tells where it listens: `listeners`
    kBound,       ///< a connection is made to its interface
    kLogon,       ///< the expert said who it is, on such a connection
    kSessions,    ///< the novice listed its Windows sessions
    kAsked,       ///< for a connection string
    kAnswered,    ///< a connection string was given
    kFailed,      ///< any of these was refused: `error`
  };
  Service service{};
  Step step{};
  Side expert{};
  /// The parameters are ciphered: a connection string was given, yet is not seen.
  bool sealed{false};
  /// The connection's bind was not seen: the call is of this service only if that listens there.
  bool by_port{false};
  std::optional<std::uint32_t> windows_session_id{};
  std::string user{};  ///< of the expert, as bstrUserHelpBlob has it
  std::string domain{};
  std::string logon_user{};  ///< of the expert, as it authenticated
  std::string logon_domain{};
  std::string novice_user{};
  std::string novice_domain{};
  std::vector<NoviceSession> sessions{};
  std::vector<Port> listeners{};
  std::optional<NamedCode> error{};
  bool operator==(const OfferSeen&) const = default;
};

/// Addresses that a machine at one end of a stream says it has.
struct EndAddresses {
  Side whose{};
  std::vector<IpAddress> addresses{};
  bool operator==(const EndAddresses&) const = default;
};

}  // namespace remora::observation
