#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "capture/base/address.h"
#include "capture/base/flow_key.h"
#include "capture/base/frame.h"
#include "capture/base/time.h"
#include "dissect/observation/observation.h"

namespace remora::session {

/// 128-bit handle of a session: the first half of a SHA-256 over what makes it unique.
using SessionId = std::array<std::byte, 16>;

enum class NameSource : std::uint8_t {
  kTlsCertificate,
  kTlsSni,
  kGccClientName,
  kLicense,
  kRedirection,
};

/// A name that the wire gave to an endpoint.
struct EndpointName {
  std::string name;
  NameSource source{};
  Instant seen;
};

/// One end of a session, by its RDP role.
struct SessionEnd {
  SocketAddress address;
  std::optional<MacAddress> mac;
  std::optional<std::uint8_t> ttl;
  std::vector<EndpointName> names;
};

enum class UserSource : std::uint8_t { kSaveSessionInfo, kClientInfo, kLicense, kRedirection };

struct SessionUser {
  std::string name;
  std::string domain;
  UserSource source{};
  Certainty certainty{Certainty::kObserved};
};

enum class SessionKind : std::uint8_t { kRdp, kRemoteAssistance };

enum class Outcome : std::uint8_t {
  kUnknown,
  kNoResponse,
  kRefused,
  kNegotiationFailed,
  kAuthenticationFailed,
  kEstablished,
};

enum class EndReason : std::uint8_t {
  kClientClosed,
  kServerClosed,
  kClientReset,
  kServerReset,
  kClientDisconnect,
  kServerDisconnect,
  kTimeout,
  kCaptureEnd,
};

/// Totals of one RDP role, over all connections of the session.
struct RoleTotals {
  std::uint64_t wire_bytes{0};
  std::uint64_t payload_bytes{0};
  std::uint64_t packets{0};
};

/// Everything known of one session. What is not known is absent.
struct Session {
  SessionId id{};
  SessionKind kind{SessionKind::kRdp};
  bool initiator_known{false};  ///< the TCP handshake was seen
  bool reverse{false};          ///< the RDP client accepted the TCP connection
  Transport transport{Transport::kTcp};
  SessionEnd client;
  SessionEnd server;
  std::vector<SessionUser> users;

  std::optional<observation::Preconnection> preconnection;
  std::optional<observation::ConnectionRequested> request;
  std::optional<observation::ConnectionConfirmed> confirm;
  std::optional<observation::NamedCode> failure;
  std::uint32_t attempts{1};

  std::optional<observation::ClientSettings> client_settings;
  std::optional<observation::ServerSettings> server_settings;
  std::optional<observation::TlsClientHello> tls_client;
  std::optional<observation::TlsServerHello> tls_server;
  std::optional<observation::CertificateSeen> certificate;
  std::optional<observation::ClientPlatform> platform;
  std::optional<observation::ClientInfo> client_info;
  std::vector<observation::Redirected> redirections;

  Moment opened;
  std::optional<Moment> accepted;
  std::optional<Moment> closed;
  Outcome outcome{Outcome::kUnknown};
  std::optional<EndReason> end_reason;
  std::optional<observation::NamedCode> error;              ///< Set Error Info or licence error
  std::optional<observation::NamedCode> disconnect_reason;  ///< of the MCS ultimatum
  std::optional<std::uint32_t> windows_session_id;

  RoleTotals client_totals;
  RoleTotals server_totals;
  std::uint64_t gap_bytes{0};
  std::uint64_t retransmitted_packets{0};
};

}  // namespace remora::session
