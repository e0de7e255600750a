// Further flows of a session, above all its connections over UDP.

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "dissect/session/evidence.h"
#include "dissect/session/session_state.h"

namespace remora::session {
namespace {

// LIMIT: what strangers can make a session remember.
constexpr std::size_t kMaxJoinedFlows = 8;
constexpr std::size_t kMaxTransports = 8;
constexpr std::size_t kMaxChannels = 64;
/// [MS-RDPBCGR] 3.3.5.15.1: at most two, and two more when the session is connected again.
constexpr std::size_t kMaxInvitations = 8;

/// That a UDP transport belongs to the session of the same ends which began just before.
constexpr double kConfidenceInJoin = 0.9;

void add_channels(std::vector<std::string>& known, const std::vector<std::string>& names) {
  for (const auto& name : names) {
    const bool is_new = std::ranges::find(known, name) == known.end();
    if (is_new && known.size() < kMaxChannels) { known.push_back(name); }
  }
}

/// What of the findings on a further flow is the session's business, as if its own had told it.
bool is_of_session(const Finding& finding) {
  const auto& what = finding.what;
  if (std::holds_alternative<observation::Damage>(what)) {
    // Of what keys open nothing is damaged by the network.
    return finding.certainty == Certainty::kDecrypted;
  }
  return std::holds_alternative<observation::UdpTransportRequested>(what) ||
         std::holds_alternative<observation::UdpTransportAccepted>(what) ||
         std::holds_alternative<observation::TunnelAnswered>(what) ||
         std::holds_alternative<observation::DynamicChannelOpened>(what) ||
         std::holds_alternative<observation::ChannelCompressed>(what) ||
         std::holds_alternative<observation::GraphicsSent>(what) ||
         std::holds_alternative<observation::SharedFileStep>(what) ||
         std::holds_alternative<observation::ClientNamed>(what) ||
         std::holds_alternative<observation::DisconnectAnnounced>(what) ||
         std::holds_alternative<observation::Anomaly>(what);
}

}  // namespace

void SessionState::on(const observation::UdpTransportRequested& request, const Finding&, Events&) {
  session_.udp_request = request;
  session_.over_udp = true;
}

void SessionState::on(const observation::UdpTransportInvited& invited, const Finding&, Events&) {
  auto& known = session_.udp_invitations;
  if (known.size() < kMaxInvitations && std::ranges::find(known, invited) == known.end()) {
    known.push_back(invited);
  }
}

void SessionState::on(const observation::UdpTransportAccepted&, const Finding&, Events&) {
  session_.over_udp = true;
}

void SessionState::on(const observation::TunnelAnswered&, const Finding& finding, Events& out) {
  tell(finding, Updated{}, out);
}

void SessionState::on(const observation::ChannelsMoved& moved, const Finding& finding,
                      Events& out) {
  auto& transports = session_.udp_transports;
  // Of several the latest: the others belong to connections that were lost.
  const auto latest =
      std::ranges::find(transports.rbegin(), transports.rend(), moved.lossy, &UdpTransport::lossy);
  if (latest == transports.rend()) {
    add_channels(moved_channels_.at(moved.lossy ? 1 : 0), moved.channels);
  } else {
    add_channels(latest->channels, moved.channels);
  }
  tell(finding, Updated{}, out);
}

UdpTransport* SessionState::transport_on(FrameNumber flow) {
  const auto known = std::ranges::find(session_.udp_transports, flow, &UdpTransport::flow);
  return known == session_.udp_transports.end() ? nullptr : &*known;
}

UdpTransport* SessionState::open_transport(const FlowFacts& flow, Moment now, Side client) {
  if (auto* known = transport_on(flow.id)) { return known; }
  if (session_.udp_transports.size() >= kMaxTransports) { return nullptr; }
  session_.udp_transports.push_back({.flow = flow.id, .client = client, .opened = now});
  return &session_.udp_transports.back();
}

/// What a finding on its flow says of a transport.
void SessionState::follow_transport(const FlowFacts& flow, const Finding& finding) {
  const auto now = finding.at.time;
  if (const auto* asked = std::get_if<observation::UdpTransportRequested>(&finding.what)) {
    auto* transport = open_transport(flow, now, finding.from);
    if (transport == nullptr) { return; }
    transport->lossy = asked->lossy;
    if (!transport->agreed) { transport->version = asked->version; }
  } else if (const auto* agreed = std::get_if<observation::UdpTransportAccepted>(&finding.what)) {
    auto* transport = open_transport(flow, now, other(finding.from));
    if (transport == nullptr) { return; }
    transport->agreed = true;
    transport->version = agreed->version;
    transport->lossy = transport->lossy || agreed->lossy;
    auto& moved = moved_channels_.at(transport->lossy ? 1 : 0);
    add_channels(transport->channels, std::exchange(moved, {}));
  } else if (auto* transport = transport_on(flow.id)) {
    if (const auto* hello = std::get_if<observation::TlsServerHello>(&finding.what)) {
      if (!transport->tls.has_value()) { transport->tls = *hello; }
    } else if (const auto* tunnel = std::get_if<observation::TunnelRequested>(&finding.what)) {
      transport->request_id = tunnel->request_id;
    } else if (const auto* answer = std::get_if<observation::TunnelAnswered>(&finding.what)) {
      transport->result = answer->result;
    } else if (const auto* channel =
                   std::get_if<observation::DynamicChannelOpened>(&finding.what)) {
      add_channels(transport->channels, {channel->name});
    }
  }
  count_transport(flow);
}

void SessionState::count_transport(const FlowFacts& flow) {
  if (auto* transport = transport_on(flow.id)) {
    transport->client_payload_bytes = flow.of(transport->client).payload_bytes;
    transport->server_payload_bytes = flow.of(other(transport->client)).payload_bytes;
  }
}

void SessionState::join(const FlowFacts& flow, const Finding& first, bool certain, const char* rule,
                        Events& out) {
  observe_joined(flow, first, out);
  if (++repeatable_told_ > kMaxRepeatable) { return; }
  report(first.at, Updated{},
         {{.frame = first.at.frame, .rule = first.rule, .note = {}},
          {.frame = first.at.frame, .rule = rule, .note = {}}},
         out, certain ? first.certainty : Certainty::kInferred, certain ? 1.0 : kConfidenceInJoin);
}

void SessionState::observe_joined(const FlowFacts& flow, const Finding& finding, Events& out) {
  refresh_joined(flow);
  if (flow.transport == Transport::kUdp) { follow_transport(flow, finding); }
  if (is_of_session(finding)) {
    const auto told = as_of_session(flow, finding);
    note_certainty(told);
    std::visit([&](const auto& what) { on(what, told, out); }, told.what);
  } else if (const auto* gateway = std::get_if<observation::GatewaySeen>(&finding.what)) {
    on_second_channel(*gateway);
  }
}

/// The finding, from who it is from in the session; transfers of several flows kept apart.
Finding SessionState::as_of_session(const FlowFacts& flow, const Finding& finding) const {
  auto told = finding;
  const auto& all = session_.udp_transports;
  const auto transport = std::ranges::find(all, flow.id, &UdpTransport::flow);
  if (transport == all.end()) {
    // A gateway's second connection, whose beginning may not have been captured.
    const auto& sender = flow.of(finding.from).address.address;
    if (sender != flow.of(other(finding.from)).address.address) {
      told.from = sender == session_.client.address.address ? client_ : other(client_);
    }
    return told;
  }
  told.from = finding.from == transport->client ? client_ : other(client_);
  if (auto* step = std::get_if<observation::SharedFileStep>(&told.what)) {
    constexpr unsigned kAboveAnyOther = 56;
    step->id |= static_cast<std::uint64_t>(transport - all.begin() + 1) << kAboveAnyOther;
  }
  return told;
}

void SessionState::prove_joined(const Finding& shown_by, const char* rule, Events& out) {
  if (++repeatable_told_ > kMaxRepeatable) { return; }
  report(shown_by.at, Updated{},
         {evidence_of(shown_by), {.frame = shown_by.at.frame, .rule = rule, .note = {}}}, out,
         shown_by.certainty);
}

void SessionState::leave_joined(const FlowFacts& flow, SessionState& to) {
  std::erase_if(joined_, [&](const FlowFacts& known) { return known.id == flow.id; });
  if (auto* transport = transport_on(flow.id)) {
    auto& theirs = to.session_.udp_transports;
    if (theirs.size() < kMaxTransports) { theirs.push_back(std::move(*transport)); }
    std::erase_if(session_.udp_transports,
                  [&](const UdpTransport& known) { return known.flow == flow.id; });
    to.session_.over_udp = true;
  }
  session_.over_udp = !session_.udp_transports.empty();
  add_joined_totals();
}

void SessionState::refresh_joined(const FlowFacts& flow) {
  const auto known = std::ranges::find(joined_, flow.id, &FlowFacts::id);
  if (known != joined_.end()) {
    *known = flow;
  } else if (joined_.size() < kMaxJoinedFlows) {
    joined_.push_back(flow);
  }
  add_joined_totals();
  count_transport(flow);
}

void SessionState::add_joined_totals() {
  session_.joined_client_totals = {};
  session_.joined_server_totals = {};
  for (const auto& flow : joined_) {
    const auto& initiator = flow.of(Side::kInitiator).address.address;
    const auto client =
        initiator == session_.client.address.address ? Side::kInitiator : Side::kAcceptor;
    session_.joined_client_totals.add(flow.of(client));
    session_.joined_server_totals.add(flow.of(other(client)));
  }
}

}  // namespace remora::session
