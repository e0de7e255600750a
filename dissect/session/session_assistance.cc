// What a session learns from the channels of Remote Assistance.

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <utility>

#include "dissect/session/inference/estimates.h"
#include "dissect/session/session_state.h"

namespace remora::session {
namespace {

// LIMIT: what channels can make a session remember.
constexpr std::size_t kMaxDynamicChannels = 64;
constexpr std::size_t kMaxParticipants = 32;
constexpr std::size_t kMaxAddresses = 16;

/// Of the Desktop Sharing API in general, protocols-ra.md 0.
constexpr double kConfidenceInPreconnection = 0.8;
/// That whose client asks for none of the channels is none.
constexpr double kConfidenceInNoChannels = 0.95;
constexpr Port kRdpPort{3389};
/// RFC 6335 6: where a listener without a port of its own waits.
constexpr std::uint16_t kFirstDynamicPort = 49152;

/// Names of Remote Assistance's channels, protocols-ra.md 0 and 3.3.
constexpr std::array<std::string_view, 6> kAssistanceChannels{"remdesk", "encomsp", "RC_CTL",
                                                              "70",      "71",      "RA_FX"};

bool has_channel(const observation::ClientSettings& settings, std::string_view name) {
  return std::ranges::any_of(settings.channels,
                             [&](const auto& channel) { return channel.name == name; });
}

void add_addresses(const std::vector<std::string>& more, std::vector<std::string>& to) {
  for (const auto& address : more) {
    if (to.size() < kMaxAddresses && std::ranges::find(to, address) == to.end()) {
      to.push_back(address);
    }
  }
}

// Results that speak of the ticket's proof, [MS-RA] 2.2.6.
constexpr std::uint32_t kInvalidPassword = 26;
constexpr std::uint32_t kPasswordsDontMatch = 61;

}  // namespace

void SessionState::expect_assistance(const observation::ClientSettings& settings) {
  const bool assistance = std::ranges::any_of(
      kAssistanceChannels, [&](std::string_view name) { return has_channel(settings, name); });
  if (!assistance) { return; }
  session_.kind = SessionKind::kRemoteAssistance;
  expects_assistance_ = true;
  if (has_channel(settings, "encomsp")) { admission_.expect_multiparty(); }
}

bool SessionState::denies_ticket(const observation::ClientSettings& settings) const {
  if (!session_.ticket.has_value() || session_.ticket->rule != kListenerRule ||
      expects_assistance_ || offered_) {
    return false;
  }
  // Vista's RC_CTL may be a dynamic channel ([MS-RA] 2.1); Windows XP, whose port is RDP's, has
  // none.
  const auto& waiting = session_.reverse ? session_.client : session_.server;
  return waiting.address.port == kRdpPort || !has_channel(settings, "drdynvc");
}

void SessionState::give_up_ticket(const Finding& finding, Events& out) {
  session_.ticket.reset();
  session_.ticket_addresses.clear();
  session_.kind = SessionKind::kRdp;
  std::erase_if(session_.users, [](const SessionUser& user) {
    return user.source == UserSource::kTicket || user.source == UserSource::kMessenger;
  });
  if (++repeatable_told_ > kMaxRepeatable) { return; }
  report(finding.at, Updated{},
         {{.frame = finding.at.frame,
           .rule = "infer.assistance.no_channels",
           .note = "the client asks for no channel of Remote Assistance"}},
         out, Certainty::kInferred, kConfidenceInNoChannels);
}

/// A preconnection PDU of version 1 before the request, on a port that nobody has by custom.
void SessionState::suspect_assistance(const Finding& request, Events& out) {
  const auto& preconnection = session_.preconnection;
  if (!preconnection.has_value() || preconnection->id == 0 || !preconnection->blob.empty() ||
      session_.ticket.has_value() || session_.transport != Transport::kTcp) {
    return;
  }
  const auto& waiting = session_.reverse ? session_.client : session_.server;
  if (to_number(waiting.address.port) < kFirstDynamicPort) { return; }
  session_.kind = SessionKind::kRemoteAssistance;
  if (++repeatable_told_ > kMaxRepeatable) { return; }
  report(request.at, Updated{},
         {{.frame = request.at.frame,
           .rule = "infer.assistance.preconnection",
           .note = "a preconnection PDU of version 1, and a port without a service"}},
         out, Certainty::kInferred, kConfidenceInPreconnection);
}

void SessionState::on(const observation::DynamicChannelOpened& opened, const Finding& finding,
                      Events& out) {
  auto& channels = session_.dynamic_channels;
  if (channels.size() >= kMaxDynamicChannels ||
      std::ranges::find(channels, opened.name) != channels.end()) {
    return;
  }
  channels.push_back(opened.name);
  const bool assistance =
      std::ranges::find(kAssistanceChannels, opened.name) != kAssistanceChannels.end();
  if (assistance) { session_.kind = SessionKind::kRemoteAssistance; }
  tell(finding, Updated{}, out);
}

void SessionState::on(const observation::ChannelCompressed& compressed, const Finding&, Events&) {
  auto& channels = session_.compressed_channels;
  if (channels.size() < kMaxDynamicChannels) { channels.push_back(compressed.channel); }
}

void SessionState::on(const observation::GraphicsSent&, const Finding& finding, Events& out) {
  on_admission(admission_.on_graphics(from_client(finding)), finding, out);
}

void SessionState::on(const observation::AssistanceMessage& message, const Finding& finding,
                      Events& out) {
  using Kind = observation::AssistanceMessage::Kind;
  const bool by_expert = from_client(finding);
  session_.kind = SessionKind::kRemoteAssistance;
  if (message.kind == Kind::kAuthenticate || message.kind == Kind::kVerifyPassword) {
    learn_name(true, message.name, UserSource::kExpertBlob, finding, out);
    if (by_expert) { proven_at_ = finding.at; }
  } else if (message.kind == Kind::kExpertName || message.kind == Kind::kNoviceName) {
    learn_name(message.kind == Kind::kExpertName, message.name, UserSource::kAssistanceName,
               finding, out);
  }
  if (message.result.has_value() && message.result->code != 0) {
    session_.error = message.result;
    end_evidence_.push_back(evidence_of(finding));
  }
  for (const auto& name : message.host_names) {
    auto& waited = session_.reverse ? session_.client : session_.server;
    add_name(waited.names, name, NameSource::kAssistance, finding.at);
  }
  on_admission(admission_.on_message(message, by_expert), finding, out);
  if (message.kind == Kind::kDisconnect) {
    on_control(control_.on_end(by_expert ? ControlRole::kExpert : ControlRole::kNovice), finding,
               out);
    if (!announced_by_.has_value()) {
      announced_by_ = finding.from;
      end_evidence_.push_back(evidence_of(finding));
    }
  }
}

void SessionState::on_admission(Admission::Verdict verdict, const Finding& finding, Events& out) {
  if (verdict == Admission::Verdict::kAccepted) {
    accept(finding.at, Accepted::By::kAssistance, evidence_of(finding), out, finding.certainty);
  } else if (verdict == Admission::Verdict::kRefused) {
    const auto code = session_.error.value_or(observation::NamedCode{}).code;
    const bool proof = code == kInvalidPassword || code == kPasswordsDontMatch;
    session_.outcome = proof ? Outcome::kAuthenticationFailed : Outcome::kRefused;
    tell(finding, Updated{}, out);
  }
}

void SessionState::on(const observation::AssistanceCommand& command, const Finding& finding,
                      Events& out) {
  using Kind = observation::AssistanceCommand::Kind;
  const bool by_expert = from_client(finding);
  note_asking(by_expert, command.kind == Kind::kControlAsked, finding);
  on_control(control_.on_command(command, by_expert, admission_.hears_expert(), finding.at.time),
             finding, out);
  if (command.kind == Kind::kFileOffered) {
    std::vector<Happening> told;
    files_.on_offer(command, by_expert, finding.at.time, told);
    tell_all(std::move(told), finding, out);
  } else if (command.kind == Kind::kExpertAddress && by_expert) {
    add_addresses(command.addresses, session_.expert_addresses);
    tell(finding, Updated{}, out);
  } else if (command.kind == Kind::kVoice && !by_expert) {
    add_addresses(command.addresses, session_.novice_addresses);
    tell(finding, Updated{}, out);
  }
}

void SessionState::on(const observation::FileStep& step, const Finding& finding, Events& out) {
  std::vector<Happening> told;
  files_.on_step(step, from_client(finding), finding.at.time, told);
  tell_all(std::move(told), finding, out);
}

void SessionState::tell_all(std::vector<Happening> happenings, const Finding& finding,
                            Events& out) {
  for (auto& happening : happenings) { tell(finding, std::move(happening), out); }
}

void SessionState::on(const observation::ChatSeen&, const Finding&, Events&) {
  ++session_.chat_messages;
}

void SessionState::on(const observation::ParticipantSeen& participant, const Finding& finding,
                      Events& out) {
  const bool by_expert = from_client(finding);
  if (by_expert) { return; }
  auto& list = session_.participants;
  auto place = std::ranges::find(list, participant.id, &Participant::id);
  if (place == list.end() && list.size() < kMaxParticipants) {
    list.push_back({.id = participant.id, .name = {}, .joined = finding.at.time, .left = {}});
    place = std::prev(list.end());
  }
  if (place != list.end()) {
    place->name = participant.name;
    place->may_view = participant.may_view;
    place->may_interact = participant.may_interact;
    place->is_client = place->is_client || participant.is_receiver;
    place->left.reset();
  }
  if (participant.is_receiver) {
    learn_name(true, participant.name, UserSource::kParticipant, finding, out);
  }
  on_admission(admission_.on_participant(participant, by_expert), finding, out);
  on_control(
      control_.on_participant(participant, by_expert, admission_.hears_expert(), finding.at.time),
      finding, out);
}

void SessionState::on(const observation::ParticipantLeft& left, const Finding& finding,
                      Events& out) {
  if (from_client(finding)) { return; }
  const auto place = std::ranges::find(session_.participants, left.id, &Participant::id);
  if (place != session_.participants.end()) {
    place->left = finding.at.time;
    place->may_interact = false;
  }
  on_control(control_.on_left(left, false), finding, out);
}

void SessionState::on(const observation::ControlLevel& level, const Finding& finding, Events& out) {
  note_asking(from_client(finding), level.interact, finding);
  on_control(
      control_.on_level(level, from_client(finding), admission_.hears_expert(), finding.at.time),
      finding, out);
}

void SessionState::on(const observation::PicturePaused&, const Finding&, Events&) {}

void SessionState::note_asking(bool by_expert, bool asks, const Finding& finding) {
  if (!by_expert || !asks) { return; }
  asked_at_ = finding.at;
  payload_at_asking_ = payload_so_far();
}

/// Input shows that whoever gives control back, or goes away, had it.
void SessionState::presume_control(const SharedControl::Change& change, const Finding& finding,
                                   Events& out) {
  const bool given_back = change.what == SharedControl::Change::What::kGivenBackUnanswered;
  const auto needed = given_back ? kInputBeforeGivingBack : kInputBytes;
  if (payload_so_far().expert < payload_at_asking_.expert + needed) { return; }
  const auto by = change.role.has_value() ? name_of(ControlRole::kExpert) : std::string{};
  tell_concluded(
      {{.at = asked_at_,
        .what = ControlStarted{.start = change.start, .by = name_of(ControlRole::kExpert)},
        .rule = "infer.assistance.control_unanswered",
        .confidence = kConfidenceInUnanswered},
       {.at = finding.at,
        .what =
            ControlEnded{
                .start = change.start, .end = finding.at.time, .by = by, .role = change.role},
        .rule = "infer.assistance.control_unanswered",
        .confidence = kConfidenceInUnanswered}},
      out);
}

void SessionState::on_control(SharedControl::Change change, const Finding& finding, Events& out) {
  using What = SharedControl::Change::What;
  if (change.unasked) {
    tell_anomaly(finding, "assistance.control_without_request",
                 "the novice gave control that the expert had not asked for", out);
  }
  if (change.what == What::kStarted) {
    tell(finding, ControlStarted{.start = change.start, .by = name_of(ControlRole::kExpert)}, out);
  } else if (change.what == What::kEnded) {
    tell(finding,
         ControlEnded{.start = change.start,
                      .end = finding.at.time,
                      .by = change.role.has_value() ? name_of(*change.role) : std::string{},
                      .role = change.role},
         out);
  } else if (change.what != What::kNothing) {
    presume_control(change, finding, out);
  }
}

void SessionState::learn_name(bool of_expert, const std::string& name, UserSource source,
                              const Finding& finding, Events& out) {
  if (name.empty()) { return; }
  (of_expert ? expert_name_ : novice_name_) = name;
  if (add_user({.name = name, .domain = {}, .source = source, .certainty = finding.certainty})) {
    tell(finding, Updated{}, out);
  }
}

std::string SessionState::name_of(ControlRole role) const {
  if (role == ControlRole::kExpert) { return expert_name_; }
  if (!novice_name_.empty()) { return novice_name_; }
  const auto novice = std::ranges::find(session_.users, UserSource::kTicket, &SessionUser::source);
  return novice == session_.users.end() ? std::string{} : novice->name;
}

PayloadSoFar SessionState::payload_so_far() const {
  return {.expert = flow_.of(client_).payload_bytes,
          .novice = flow_.of(other(client_)).payload_bytes};
}

void SessionState::on(const observation::SealedAssistance& sealed, const Finding& finding,
                      Events& out) {
  std::vector<Conclusion> conclusions;
  if (!sealed_assistance_.has_value()) { sealed_assistance_.emplace(); }
  sealed_assistance_->on_message(sealed, from_client(finding), finding.at, payload_so_far(),
                                 conclusions);
  tell_concluded(std::move(conclusions), out);
}

void SessionState::tell_concluded(std::vector<Conclusion> conclusions, Events& out) {
  for (auto& conclusion : conclusions) {
    Evidence evidence{
        .frame = conclusion.at.frame, .rule = conclusion.rule, .note = conclusion.note};
    if (std::holds_alternative<Accepted>(conclusion.what)) {
      accept(conclusion.at, Accepted::By::kAssistance, std::move(evidence), out,
             Certainty::kInferred, conclusion.confidence);
    } else if (++repeatable_told_ <= kMaxRepeatable) {
      report(conclusion.at, std::move(conclusion.what), {std::move(evidence)}, out,
             Certainty::kInferred, conclusion.confidence);
    }
  }
}

/// Nothing told whether the novice agreed. That the server let the client in is known, and that a
/// screen followed: version 3 ends the connection of who is refused, [MS-RA] 3.8.5.
void SessionState::accept_postponed(Events& out) {
  const bool understood = sealed_assistance_.has_value() && sealed_assistance_->understood();
  if (!postponed_.has_value() || admission_.spoken() || understood ||
      payload_so_far().novice < postponed_->so_far.novice + kPictureBytes) {
    return;
  }
  auto told = std::move(*postponed_);
  postponed_.reset();
  expects_assistance_ = false;
  told.evidence.note = "a screen followed; whether the novice was asked is not known";
  accept(told.at, told.by, std::move(told.evidence), out, Certainty::kInferred,
         std::min(told.confidence, kConfidenceInUnanswered));
}

void SessionState::settle(const FlowFacts& flow, Instant /*at*/, Events& out) {
  refresh(flow);
  if (sealed_assistance_.has_value()) {
    std::vector<Conclusion> conclusions;
    sealed_assistance_->on_progress(payload_so_far(), conclusions);
    tell_concluded(std::move(conclusions), out);
  }
  accept_postponed(out);
}

/// What ends with the session, before it is closed.
void SessionState::end_assistance(const FlowClosure& closure, Events& out) {
  const auto over = end_of(closure);
  on_control(control_.on_end(std::nullopt), over, out);
  std::vector<Happening> told;
  files_.on_end(closure.at.time, told);
  tell_all(std::move(told), over, out);
  std::vector<Conclusion> conclusions;
  if (sealed_assistance_.has_value()) {
    sealed_assistance_->on_end(closure.at, payload_so_far(), conclusions);
  }
  if (admission_.shows_unanswered()) {
    conclusions.push_back({.at = proven_at_,
                           .what = Accepted{.by = Accepted::By::kAssistance},
                           .rule = "infer.assistance.accepted",
                           .confidence = kConfidenceInUnanswered,
                           .note = "a screen followed the proof, and no answer"});
  }
  tell_concluded(std::move(conclusions), out);
  accept_postponed(out);
  if (!session_.accepted.has_value() && session_.outcome == Outcome::kUnknown &&
      sealed_assistance_.has_value() && sealed_assistance_->refused(payload_so_far())) {
    session_.outcome = Outcome::kRefused;
    outcome_evidence_ = {{.frame = closure.at.frame,
                          .rule = "infer.assistance.refused",
                          .note = "the novice answered, and nothing was shown"}};
  }
}

}  // namespace remora::session
