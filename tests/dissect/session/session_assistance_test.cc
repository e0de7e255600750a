// Remote Assistance in a tracked session.

#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/session/path.h"
#include "dissect/session/tracker.h"
#include "tests/support/session_events.h"

namespace remora::session {
namespace {

using observation::AssistanceCommand;
using observation::AssistanceMessage;
using std::chrono::seconds;
using Kind = AssistanceMessage::Kind;

constexpr auto kExpert = Side::kInitiator;
constexpr auto kNovice = Side::kAcceptor;
constexpr Moment kStart{seconds{1'700'000'000}};

class Assisting : public ::testing::Test {
 protected:
  Assisting() {
    flow_ = {.id = FrameNumber{1}, .initiator_known = true, .sides = {}};
    flow_.sides[0].address = {*IpAddress::parse("192.0.2.1"), Port{50000}};
    flow_.sides[1].address = {*IpAddress::parse("198.51.100.2"), Port{3389}};
  }
  void see(Side from, Observation what, Certainty certainty = Certainty::kObserved) {
    now_ += seconds{1};
    flow_.sides.at(index_of(from)).payload_bytes += 60;
    flow_.sides.at(index_of(from)).packets += 1;
    tracker_.observe(flow_,
                     {.at = {.time = now_, .frame = FrameNumber{++frame_}},
                      .from = from,
                      .rule = "test",
                      .what = std::move(what),
                      .certainty = certainty},
                     news_);
    take();
  }
  void say(Side from, Kind kind, std::string name = {}) {
    see(from, AssistanceMessage{.kind = kind, .name = std::move(name)});
  }
  void result(std::uint32_t code, std::string name = {}) {
    see(kNovice,
        AssistanceMessage{.kind = Kind::kResult,
                          .result = observation::NamedCode{.code = code, .name = std::move(name)}});
  }
  void open(const std::vector<std::string>& channels = {"remdesk"}) {
    see(kExpert, observation::ConnectionRequested{.requested_protocols = 0});
    observation::ClientSettings settings;
    for (const auto& name : channels) { settings.channels.push_back({.name = name}); }
    see(kExpert, settings);
    see(kNovice, observation::Accepted{.by = observation::Accepted::By::kLicense});
  }
  void let_in() {
    say(kExpert, Kind::kAuthenticate, "Ada Amsel");
    result(0);
    say(kExpert, Kind::kRemoteControlDesktop);
    result(0);
  }
  void close() {
    now_ += seconds{1};
    tracker_.flow_closed(flow_,
                         {.how = FlowClosure::How::kFin,
                          .by = kExpert,
                          .at = {.time = now_, .frame = FrameNumber{++frame_}}},
                         news_);
    take();
  }
  void take() {
    for (const auto& event : news_) {
      if (const auto* ticket = std::get_if<TicketEvent>(&event)) { tickets_.push_back(*ticket); }
    }
    testing::take_sessions(news_, events_);
  }
  /// Without updates.
  [[nodiscard]] std::string story() const {
    static const char* const kWords[] = {"opened", "accepted", "",        "closed",
                                         "logon",  "anomaly",  "control", "control_end",
                                         "file",   "file_end"};
    std::string text;
    for (const auto& event : events_) {
      const std::string word = kWords[event.what.index()];
      if (!word.empty()) { text += word + ' '; }
    }
    return text;
  }
  [[nodiscard]] const Session& last() const { return events_.back().session; }
  template <typename What>
  [[nodiscard]] What only() const {
    std::vector<What> all;
    for (const auto& event : events_) {
      if (const auto* what = std::get_if<What>(&event.what)) { all.push_back(*what); }
    }
    EXPECT_EQ(all.size(), 1U) << story();
    return all.empty() ? What{} : all.front();
  }

  Tracker tracker_;
  FlowFacts flow_;
  Moment now_{kStart};
  std::uint64_t frame_{0};
  Events news_;
  std::vector<SessionEvent> events_;
  std::vector<TicketEvent> tickets_;
};

TEST_F(Assisting, IsAcceptedByTheNoviceNotByTheServer) {
  open();
  let_in();
  const auto accepted = now_;
  close();
  EXPECT_EQ(story(), "opened accepted closed ");
  EXPECT_EQ(only<Accepted>().by, Accepted::By::kAssistance);
  EXPECT_EQ(last().accepted, accepted);
  EXPECT_EQ(last().outcome, Outcome::kEstablished);
  EXPECT_EQ(last().kind, SessionKind::kRemoteAssistance);
  ASSERT_EQ(last().users.size(), 1U);
  EXPECT_EQ(last().users[0].name, "Ada Amsel");
  EXPECT_EQ(last().users[0].source, UserSource::kExpertBlob);
}

TEST_F(Assisting, IsAcceptedByTheServerWhereTheNoviceCannotBeHeardAndAScreenFollows) {
  open();
  const auto licensed = now_;
  flow_.sides.at(index_of(kNovice)).payload_bytes += 5000;
  close();
  EXPECT_EQ(story(), "opened accepted closed ");
  EXPECT_EQ(only<Accepted>().by, Accepted::By::kLicense);
  EXPECT_EQ(last().accepted, licensed);
}

/// Version 3 ends the connection of who is refused, [MS-RA] 3.8.5.
TEST_F(Assisting, IsNotAcceptedWhereNothingFollows) {
  open();
  close();
  EXPECT_EQ(story(), "opened closed ");
  EXPECT_EQ(last().outcome, Outcome::kUnknown);
}

TEST_F(Assisting, IsNotAcceptedWhileTheNoviceThinks) {
  open();
  say(kNovice, Kind::kServerAnnounce);
  close();
  EXPECT_EQ(story(), "opened closed ");
  EXPECT_EQ(last().outcome, Outcome::kUnknown);
}

TEST_F(Assisting, IsTakenForAcceptedWhereAScreenFollowsTheProofAndNoAnswer) {
  open();
  say(kExpert, Kind::kVerifyPassword);
  const auto proven = now_;
  see(kNovice, observation::GraphicsSent{});
  EXPECT_EQ(story(), "opened ");
  close();
  EXPECT_EQ(story(), "opened accepted closed ");
  EXPECT_EQ(only<Accepted>().by, Accepted::By::kAssistance);
  EXPECT_EQ(last().accepted, proven);
  EXPECT_EQ(last().outcome, Outcome::kEstablished);
}

TEST_F(Assisting, IsRefused) {
  for (const auto& [code, outcome] : {std::pair{41U, Outcome::kRefused},
                                      {26U, Outcome::kAuthenticationFailed},
                                      {61U, Outcome::kAuthenticationFailed},
                                      {25U, Outcome::kRefused}}) {
    flow_.id = FrameNumber{++frame_};
    open();
    say(kExpert, Kind::kAuthenticate);
    result(code, "NAME");
    close();
    EXPECT_EQ(last().outcome, outcome) << code;
    EXPECT_EQ(last().error->code, code);
    EXPECT_FALSE(last().accepted.has_value());
  }
}

TEST_F(Assisting, SaysWhoSaidGoodBye) {
  open();
  let_in();
  say(kNovice, Kind::kDisconnect);
  close();
  EXPECT_EQ(last().end_reason, EndReason::kServerDisconnect);
}

TEST_F(Assisting, TellsControlWithTheNamesOfBoth) {
  open();
  let_in();
  say(kNovice, Kind::kNoviceName, "Nora Nest");
  see(kExpert, AssistanceCommand{.kind = AssistanceCommand::Kind::kControlAsked});
  see(kNovice, AssistanceCommand{.kind = AssistanceCommand::Kind::kControlGranted});
  const auto start = now_;
  see(kNovice, AssistanceCommand{.kind = AssistanceCommand::Kind::kControlTaken});
  EXPECT_EQ(story(), "opened accepted control control_end ");
  EXPECT_EQ(only<ControlStarted>().by, "Ada Amsel");
  EXPECT_EQ(only<ControlEnded>().start, start);
  EXPECT_EQ(only<ControlEnded>().end, now_);
  EXPECT_EQ(only<ControlEnded>().by, "Nora Nest");
  EXPECT_EQ(only<ControlEnded>().role, ControlRole::kNovice);
}

TEST_F(Assisting, EndsControlAndFilesBeforeItself) {
  open();
  let_in();
  see(kExpert, AssistanceCommand{.kind = AssistanceCommand::Kind::kControlAsked});
  see(kNovice, AssistanceCommand{.kind = AssistanceCommand::Kind::kControlGranted});
  see(kExpert, AssistanceCommand{.kind = AssistanceCommand::Kind::kFileOffered,
                                 .file_name = "a.txt",
                                 .file_size = 5,
                                 .channel = "RA_FX"});
  close();
  EXPECT_EQ(story(), "opened accepted control file control_end file_end closed ");
  EXPECT_FALSE(only<ControlEnded>().role.has_value());
  EXPECT_EQ(only<FileTransferEnded>().file.result, FileResult::kNoResponse);
}

TEST_F(Assisting, WarnsOfControlThatNobodyAskedFor) {
  open();
  let_in();
  see(kNovice, AssistanceCommand{.kind = AssistanceCommand::Kind::kControlGranted});
  EXPECT_EQ(story(), "opened accepted anomaly control ");
}

TEST_F(Assisting, ListsParticipants) {
  open({"remdesk", "encomsp"});
  see(kNovice, observation::ParticipantSeen{
                   .id = 1, .may_view = true, .is_receiver = true, .name = "Ada Amsel"});
  see(kNovice, observation::ParticipantSeen{.id = 2, .may_view = true, .name = "Bea Buche"});
  see(kNovice, observation::ParticipantLeft{.id = 2, .by_participant = true});
  see(kExpert, observation::ParticipantSeen{.id = 3, .name = "nobody"});
  close();
  EXPECT_EQ(story(), "opened accepted closed ");
  ASSERT_EQ(last().participants.size(), 2U);
  EXPECT_TRUE(last().participants[0].is_client);
  EXPECT_TRUE(last().participants[1].left.has_value());
  ASSERT_EQ(last().users.size(), 1U);
  EXPECT_EQ(last().users[0].source, UserSource::kParticipant);
}

TEST_F(Assisting, CountsChatAndListsChannels) {
  open();
  see(kExpert, observation::ChatSeen{});
  see(kNovice, observation::ChatSeen{});
  see(kExpert, observation::DynamicChannelOpened{.name = "RC_CTL"});
  see(kExpert, observation::DynamicChannelOpened{.name = "RC_CTL"});
  see(kExpert, observation::ChannelCompressed{.channel = "rdpdr"});
  close();
  EXPECT_EQ(last().chat_messages, 2U);
  EXPECT_EQ(last().dynamic_channels, std::vector<std::string>{"RC_CTL"});
  EXPECT_EQ(last().compressed_channels, std::vector<std::string>{"rdpdr"});
}

TEST_F(Assisting, PutsToldAddressesOnThePath) {
  open();
  see(kExpert, AssistanceCommand{.kind = AssistanceCommand::Kind::kExpertAddress,
                                 .addresses = {"10.7.7.7", "192.0.2.1", "junk"}});
  see(kNovice, AssistanceCommand{.kind = AssistanceCommand::Kind::kVoice,
                                 .addresses = {"10.8.8.8:11334", "[2001:db8::8]:11334"}});
  close();
  std::string path;
  for (const auto& hop : make_path(last())) {
    path += hop.address + '=' + std::to_string(static_cast<int>(hop.role)) + ' ';
  }
  EXPECT_EQ(path, "10.7.7.7=0 192.0.2.1=1 198.51.100.2=9 10.8.8.8=8 2001:db8::8=8 ");
}

TEST_F(Assisting, DoesNotTakeHelpAssistantForAPerson) {
  see(kExpert, observation::ConnectionRequested{});
  see(kExpert, observation::ClientInfo{.user = "HelpAssistant"});
  EXPECT_EQ(last().kind, SessionKind::kRemoteAssistance);
  EXPECT_TRUE(last().users.empty());
}

TEST_F(Assisting, IsSuspectedBehindAPreconnectionPdu) {
  flow_.sides[1].address.port = Port{49671};
  see(kExpert, observation::Preconnection{.id = 7, .blob = {}});
  see(kExpert, observation::ConnectionRequested{});
  EXPECT_EQ(last().kind, SessionKind::kRemoteAssistance);
  EXPECT_EQ(events_.back().certainty, Certainty::kInferred);
  EXPECT_EQ(events_.back().evidence.back().rule, "infer.assistance.preconnection");
}

TEST_F(Assisting, IsNotSuspectedOnRdpsOwnPort) {
  see(kExpert, observation::Preconnection{.id = 7, .blob = {}});
  see(kExpert, observation::ConnectionRequested{});
  EXPECT_EQ(last().kind, SessionKind::kRdp);
}

TEST_F(Assisting, PassesOnHowItIsKnown) {
  open();
  see(kNovice,
      observation::ParticipantSeen{
          .id = 1, .may_view = true, .is_receiver = true, .name = "Ada Amsel"},
      Certainty::kDecrypted);
  EXPECT_TRUE(last().decrypted);
  EXPECT_EQ(last().users[0].certainty, Certainty::kDecrypted);
  EXPECT_EQ(events_.back().certainty, Certainty::kDecrypted);
}

TEST_F(Assisting, IsLinkedToItsTicketByTheSessionIdAndWithdrawsIt) {
  observation::Sha256 digest{};
  digest.fill(std::byte{7});
  observation::Ticket ticket{.format = observation::Ticket::Format::kXp, .key = digest};
  ticket.session_id_digest = digest;
  see(kExpert, observation::TicketSeen{.ticket = ticket, .carriage = {.protocol = "SMTP"}});
  open();
  see(kExpert, AssistanceMessage{.kind = Kind::kAuthenticate, .session_id_digest = digest});
  EXPECT_STREQ(last().ticket->rule, "ticket.session_id");
  result(25, "SAFERROR_HELPSESSIONNOTFOUND");
  ASSERT_EQ(tickets_.size(), 2U);
  const auto& deleted = std::get<TicketDeleted>(tickets_[1].what);
  EXPECT_EQ(deleted.how, TicketDeleted::How::kSessionNotFound);
  EXPECT_EQ(tickets_[1].session, last().id);
}

TEST_F(Assisting, IsLinkedToItsTicketByClientInfo) {
  observation::Sha256 digest{};
  digest.fill(std::byte{7});
  observation::Ticket ticket{.format = observation::Ticket::Format::kVista, .key = digest};
  ticket.session_id_digest = digest;
  see(kExpert, observation::TicketSeen{.ticket = ticket, .carriage = {.protocol = "SMTP"}});
  see(kExpert, observation::ConnectionRequested{});
  see(kExpert, observation::ClientInfo{.user = "ada", .working_dir_digest = digest});
  EXPECT_EQ(last().kind, SessionKind::kRemoteAssistance);
  EXPECT_DOUBLE_EQ(last().ticket->confidence, 1.0);
}

}  // namespace
}  // namespace remora::session
