#pragma once

#include <cstdint>
#include <variant>

#include "capture/base/flow_key.h"
#include "capture/base/frame.h"
#include "dissect/observation/activity.h"
#include "dissect/observation/assistance.h"
#include "dissect/observation/authentication.h"
#include "dissect/observation/certainty.h"
#include "dissect/observation/certificate.h"
#include "dissect/observation/connection_health.h"
#include "dissect/observation/names.h"
#include "dissect/observation/negotiation.h"
#include "dissect/observation/offer.h"
#include "dissect/observation/path.h"
#include "dissect/observation/reachability.h"
#include "dissect/observation/session_course.h"
#include "dissect/observation/session_life.h"
#include "dissect/observation/settings.h"
#include "dissect/observation/shared_file.h"
#include "dissect/observation/ticket.h"
#include "dissect/observation/tls.h"
#include "dissect/observation/transport.h"
#include "dissect/observation/trouble.h"

namespace remora {

namespace observation {

/// A family adds a word here only for what no protocol said before.
using AnyOf = std::variant<
    ConnectionRequested, ConnectionConfirmed, NegotiationFailed, ClientSettings, ServerSettings,
    CertificateSeen, TlsClientHello, TlsServerHello, TlsAlertSeen, SealedRecord, SealedPdu,
    Accepted, LicenseRefused, LicenseIdentity, LogonReported, ClientInfo, ErrorReported,
    DisconnectAnnounced, ClientPlatform, Redirected, Preconnection, MidStream, ProxyAsked,
    ProxyAnswered, UdpTransportRequested, UdpTransportAccepted, UdpTransportInvited,
    TunnelRequested, TunnelAnswered, ChannelsMoved, GatewaySeen, TunnelsSeen, RouterSeen,
    DistanceChanged, NameLearned, HostNamed, AddressAssigned, AddressReleased, AccountSeen,
    EndNamed, EndAccount, TicketSeen, TicketRefused, CopyDeleted, CopyMoved, DataFlowExpected,
    OfferSeen, EndAddresses, PortMappingChanged, PublicAddressTold, ConnectionRefused,
    TicketNameRevoked, DynamicChannelOpened, ChannelCompressed, GraphicsSent, AssistanceMessage,
    AssistanceCommand, FileStep, ChatSeen, ParticipantSeen, ParticipantLeft, ControlLevel,
    PicturePaused, SealedAssistance, Authentication, SharedFileStep, ClientNamed, InputSeen,
    HeartbeatSeen, NetworkDetection, ServerPlatform, Deactivated, MonitorLayoutTold, ShutdownStep,
    StatusReported, LogonNotified, AutoReconnectStep, LicensingStep, Damage, Anomaly>;

}  // namespace observation

/// The first waist: everything that any protocol can say. A variant whose copies, moves and end are
/// compiled once: each is code for every alternative, and every file that passes one on would have
/// it, at most of the time that a build takes.
struct Observation : observation::AnyOf {
  using observation::AnyOf::variant;
  using observation::AnyOf::operator=;
  Observation();
  Observation(const Observation& other);
  Observation(Observation&& other) noexcept;
  Observation& operator=(const Observation& other);
  Observation& operator=(Observation&& other) noexcept;
  ~Observation();
};

/// One observation with its evidence.
struct Finding {
  Instant at;
  Side from{};           ///< who sent the bytes
  const char* rule{""};  ///< stable name, "x224.connection_request"; a literal
  Observation what;
  Certainty certainty{Certainty::kObserved};
};

}  // namespace remora
