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
#include "dissect/observation/names.h"
#include "dissect/observation/negotiation.h"
#include "dissect/observation/offer.h"
#include "dissect/observation/path.h"
#include "dissect/observation/reachability.h"
#include "dissect/observation/session_life.h"
#include "dissect/observation/settings.h"
#include "dissect/observation/shared_file.h"
#include "dissect/observation/ticket.h"
#include "dissect/observation/tls.h"
#include "dissect/observation/transport.h"
#include "dissect/observation/trouble.h"

namespace remora {

/// The first waist: everything that any protocol can say. A family adds a word here only for what
/// no protocol said before.
using Observation = std::variant<
    observation::ConnectionRequested, observation::ConnectionConfirmed,
    observation::NegotiationFailed, observation::ClientSettings, observation::ServerSettings,
    observation::CertificateSeen, observation::TlsClientHello, observation::TlsServerHello,
    observation::TlsAlertSeen, observation::SealedRecord, observation::SealedPdu,
    observation::Accepted, observation::LicenseRefused, observation::LicenseIdentity,
    observation::LogonReported, observation::ClientInfo, observation::ErrorReported,
    observation::DisconnectAnnounced, observation::ClientPlatform, observation::Redirected,
    observation::Preconnection, observation::MidStream, observation::ProxyAsked,
    observation::ProxyAnswered, observation::UdpTransportRequested,
    observation::UdpTransportAccepted, observation::UdpTransportInvited, observation::GatewaySeen,
    observation::TunnelsSeen, observation::RouterSeen, observation::DistanceChanged,
    observation::NameLearned, observation::HostNamed, observation::AddressAssigned,
    observation::AddressReleased, observation::AccountSeen, observation::EndNamed,
    observation::EndAccount, observation::TicketSeen, observation::TicketRefused,
    observation::CopyDeleted, observation::CopyMoved, observation::DataFlowExpected,
    observation::OfferSeen, observation::EndAddresses, observation::PortMappingChanged,
    observation::PublicAddressTold, observation::TicketNameRevoked,
    observation::DynamicChannelOpened, observation::ChannelCompressed, observation::GraphicsSent,
    observation::AssistanceMessage, observation::AssistanceCommand, observation::FileStep,
    observation::ChatSeen, observation::ParticipantSeen, observation::ParticipantLeft,
    observation::ControlLevel, observation::PicturePaused, observation::SealedAssistance,
    observation::Authentication, observation::SharedFileStep, observation::ClientNamed,
    observation::InputSeen, observation::Damage, observation::Anomaly>;

/// One observation with its evidence.
struct Finding {
  Instant at;
  Side from{};           ///< who sent the bytes
  const char* rule{""};  ///< stable name, "x224.connection_request"; a literal
  Observation what;
  Certainty certainty{Certainty::kObserved};
};

}  // namespace remora
