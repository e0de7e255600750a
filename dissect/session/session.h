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
#include "capture/base/rare.h"
#include "capture/base/time.h"
#include "capture/base/tunnel.h"
#include "dissect/observation/flow.h"
#include "dissect/observation/observation.h"
#include "dissect/session/course.h"

namespace remora::session {

/// 128-bit handle of a session: the first half of a SHA-256 over what makes it unique.
using SessionId = std::array<std::byte, 16>;

/// 128-bit handle of a ticket: the first half of its key, so that every copy has the same.
using TicketId = std::array<std::byte, 16>;

/// The rule of a ticket that is known by address and port alone.
inline constexpr std::string_view kListenerRule{"ticket.listener"};

/// Why a session is believed to use a ticket.
struct TicketLink {
  TicketId ticket{};
  const char* rule{""};  ///< stable name, a literal
  double confidence{1.0};
  FrameNumber shown_by{};
};

enum class NameSource : std::uint8_t {
  kTlsCertificate,
  kTlsSni,  ///< of the session itself
  kGccClientName,
  kRdpdr,  ///< that the client gives on the channel of its devices
  kLicense,
  kRedirection,
  kDns,
  kDnsPointer,
  kMdns,
  kLlmnr,
  kNbns,
  kDhcp,
  kTlsSniElsewhere,  ///< of another connection to the same machine
  kNtlm,
  kKerberos,
  kSmb,
  kGateway,
  kTicket,
  kDcomBinding,
  kClientInfo,        ///< where the client's own address should stand
  kProxy,             ///< that the client asked a balancer for
  kAssistance,        ///< in an address list of [MS-RA] 2.2.2
  kPreconnection,     ///< identifier of a virtual machine
  kKerberosInferred,  ///< of a ticket given about then; nothing else says that it is for this end
};

/// A name that the wire gave to an endpoint.
struct EndpointName {
  std::string name;
  NameSource source{};
  Instant seen;
};

/// One end of a session, by its RDP role.
struct SessionEnd {
  static constexpr std::size_t kMaxNames = 64;  ///< LIMIT: what strangers can call a machine

  SocketAddress address;
  std::optional<MacAddress> mac;
  std::optional<std::uint8_t> ttl;
  std::vector<EndpointName> names;
};

enum class UserSource : std::uint8_t {
  kSaveSessionInfo,
  kClientInfo,
  kLicense,
  kRedirection,
  kKerberos,
  kProxy,
  kGateway,
  kTicket,
  kNtlm,
  kDcom,
  kExpertBlob,      ///< NAME that the expert gives with its proof, [MS-RA] 2.2.1.4
  kAssistanceName,  ///< that novice and expert tell each other, 2.2.1.13
  kParticipant,     ///< friendly name, [MS-RDPEMC] 2.2.4.1
  kRdstls,
  kRdsAad,
  kMessenger,  ///< of the conversation that carried the ticket
};

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
  kSensorRestart,  ///< the program stops; the session may go on
};

/// A router that told of itself, and whose packets it carried.
struct RouterOnPath {
  observation::RouterSeen seen;
  bool toward_server{false};
  Instant at;
};

/// A proxy or balancer that spoke on the session's connection before the session did.
struct ProxyOnPath {
  observation::ProxyAsked asked;
  bool by_client{false};  ///< the RDP client's side asked
  std::optional<observation::ProxyAnswered> answered;
};

/// Somebody who takes part in a shared desktop, as the novice lists them; of several experts each
/// has a session of its own.
struct Participant {
  std::uint32_t id{0};
  std::string name;
  bool may_view{false};
  bool may_interact{false};
  bool is_client{false};  ///< it is this session's expert
  Moment joined;
  std::optional<Moment> left;
};

/// A connection of the session over UDP, [MS-RDPEUDP].
struct UdpTransport {
  FrameNumber flow{};
  Side client{};  ///< of that flow
  Moment opened{};
  bool lossy{false};
  bool agreed{false};        ///< the server answered
  std::uint16_t version{1};  ///< uUdpVer: as the server agreed to, else as the client offered
  std::optional<observation::TlsServerHello> tls{};
  std::optional<std::uint32_t> request_id{};
  std::optional<std::uint32_t> result{};  ///< HRESULT by which the server took it, or did not
  std::vector<std::string> channels{};    ///< opened on it, or moved there
  std::uint64_t client_payload_bytes{0};
  std::uint64_t server_payload_bytes{0};
};

/// Where the server sent its client, and when.
struct RedirectionAt {
  observation::Redirected told;
  Moment at;
};

/// Totals of one RDP role, over all connections of the session.
struct RoleTotals {
  std::uint64_t wire_bytes{0};
  std::uint64_t payload_bytes{0};
  std::uint64_t packets{0};

  void add(const FlowSide& side) {
    wire_bytes += side.wire_bytes;
    payload_bytes += side.payload_bytes;
    packets += side.packets;
  }
};

/// Everything known of one session. What is not known is absent.
struct Session {  // NOLINT(clang-analyzer-optin.performance.Padding): by meaning, and few at a time
  SessionId id{};
  SessionKind kind{SessionKind::kRdp};
  bool initiator_known{false};  ///< the TCP handshake was seen
  bool reverse{false};          ///< the RDP client accepted the TCP connection
  Transport transport{Transport::kTcp};
  SessionEnd client;
  SessionEnd server;
  /// Of the machines behind a proxy or gateway that is one of these ends.
  std::vector<EndpointName> names_behind_client;
  std::vector<EndpointName> names_behind_server;
  std::vector<SessionUser> users;

  std::optional<TicketLink> ticket;
  std::vector<observation::TicketAddress> ticket_addresses;  ///< of the one who waited
  Rare<observation::Preconnection> preconnection;
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
  Rare<observation::ClientInfo> client_info;
  std::vector<RedirectionAt> redirections;
  std::optional<observation::ServerPlatform> server_platform;
  std::optional<Implementation> client_implementation;
  std::optional<Implementation> server_implementation;

  // What the session is known to traverse.
  /// Around the packets of each, as last seen; outermost first.
  std::vector<TunnelLayer> client_tunnels;
  std::vector<TunnelLayer> server_tunnels;
  std::vector<RouterOnPath> routers;
  std::vector<ProxyOnPath> proxies;
  Rare<observation::GatewaySeen> gateway;
  std::optional<SocketAddress> redirector;     ///< the server that sent the client here
  std::vector<IpAddress> server_alternatives;  ///< other addresses of the server's names
  std::vector<IpAddress> server_addresses;     ///< that the server's machine says it has
  std::optional<SocketAddress> public_side;    ///< of a router that leads to the one who waits

  // What channels told.
  std::vector<std::string> dynamic_channels;
  std::vector<std::string> compressed_channels;  ///< not read
  std::vector<Participant> participants;
  std::vector<std::string> expert_addresses;  ///< as the expert tells them
  std::vector<std::string> novice_addresses;  ///< where the novice awaits voice
  std::uint64_t chat_messages{0};
  /// Of successive inputs that are a minute apart at most, the time between them; absent where
  /// input could not be read, or there was none.
  std::optional<Nanoseconds> active_duration;
  bool decrypted{false};  ///< some facts were read with the operator's keys

  // What the session itself told of its course.
  std::optional<Heartbeats> heartbeats;
  Rare<NetworkMeasures> network;
  std::optional<ServerMonitors> server_monitors;
  std::optional<Reactivations> reactivations;
  std::optional<ShutdownSteps> shutdown;
  std::vector<StatusAt> server_status;
  std::vector<NotificationAt> logon_notifications;
  std::optional<AutoReconnects> auto_reconnect;
  Rare<LicensingCourse> licensing;

  std::vector<observation::UdpTransportInvited> udp_invitations;
  Rare<observation::UdpTransportRequested> udp_request;
  std::vector<UdpTransport> udp_transports;
  bool over_udp{false};
  bool through_gateway{false};

  Moment opened;
  std::optional<Moment> accepted;
  std::optional<Moment> closed;
  Outcome outcome{Outcome::kUnknown};
  std::optional<EndReason> end_reason;
  std::optional<observation::NamedCode> error;              ///< Set Error Info or licence error
  std::optional<observation::NamedCode> disconnect_reason;  ///< of DisconnectAnnounced
  std::optional<std::uint32_t> windows_session_id;

  RoleTotals client_totals;  ///< of the connections that carried the session, retries included
  RoleTotals server_totals;
  RoleTotals joined_client_totals;  ///< of UDP transports and further channels, as last heard of
  RoleTotals joined_server_totals;
  std::uint64_t gap_bytes{0};
  std::uint64_t retransmitted_packets{0};
};

}  // namespace remora::session
