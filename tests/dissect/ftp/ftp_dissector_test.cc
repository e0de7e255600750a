#include "dissect/ftp/ftp_dissector.h"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/conversation/conversation.h"
#include "dissect/ftp/family.h"

namespace remora::ftp {
namespace {

struct Said {
  Side from;
  std::string text;
};
using Talk = std::vector<Said>;

[[nodiscard]] Said client(const std::string& line) {
  return {Side::kInitiator, line + "\r\n"};
}
[[nodiscard]] Said server(const std::string& line) {
  return {Side::kAcceptor, line + "\r\n"};
}

[[nodiscard]] std::string told(const std::vector<Finding>& found) {
  std::string text;
  for (const auto& finding : found) {
    text += finding.rule + std::string{" "};
    if (const auto* expected = std::get_if<observation::DataFlowExpected>(&finding.what)) {
      text += expected->listener == Side::kAcceptor ? "server:" : "client:";
      text += expected->address.has_value() ? expected->address->to_text() + ":" : "";
      text += std::to_string(static_cast<unsigned>(expected->port)) + " " +
              expected->carriage.file_name + " " + expected->carriage.place +
              (expected->is_named_ticket ? " (ticket)" : "");
    } else if (const auto* deleted = std::get_if<observation::CopyDeleted>(&finding.what)) {
      text += deleted->carriage.place;
    } else if (const auto* moved = std::get_if<observation::CopyMoved>(&finding.what)) {
      text += moved->carriage.place + " to " + moved->new_place;
    }
    text += "; ";
  }
  return text;
}

class Listened {
 public:
  explicit Listened(const Talk& talk, std::size_t piece = 1U << 16U) {
    for (const auto& said : talk) { say(said, piece); }
  }
  void say(const Said& said, std::size_t piece = 1U << 16U) {
    for (ByteView rest = as_bytes(said.text); !rest.empty();) {
      const auto next = rest.first(std::min(piece, rest.size()));
      const std::vector<std::byte> copy(next.begin(), next.end());
      conversation_.on_bytes(said.from, copy, {}, found_);
      rest = rest.subspan(next.size());
    }
  }

  Family family_{family()};
  Conversation conversation_{Families{&family_, 1}};
  std::vector<Finding> found_;
};

[[nodiscard]] std::string heard(const Talk& talk, std::size_t piece = 1U << 16U) {
  return told(Listened{talk, piece}.found_);
}

const Talk kLogin{server("220-Welcome to"), server("220 ftp.corp.example FTP"),
                  client("USER anna"),      server("331 password"),
                  client("PASS secret"),    server("230 in")};

[[nodiscard]] Talk after_login(const Talk& rest) {
  auto talk = kLogin;
  talk.insert(talk.end(), rest.begin(), rest.end());
  return talk;
}

TEST(FtpDissector, AnnouncesPassiveTransfersHoweverTheStreamIsCut) {
  const auto talk = after_login(
      {client("PWD"), server("257 \"/home/anna\" is current"), client("EPSV"),
       server("229 Extended (|||50001|)"), client("STOR a b.msrcIncident"), server("150 go"),
       server("226 ok"), client("CWD ../pub"), server("250 ok"), client("PASV"),
       server("227 Passive (192,0,2,25,195,82)"), client("RETR /x/c"), server("150-open"),
       server(" still"), server("150 go"), server("226 ok"), client("DELE c"), server("250 gone")});
  const std::string expected =
      "ftp.stor server:50001 a b.msrcIncident /home/anna/a b.msrcIncident (ticket); "
      "ftp.retr server:192.0.2.25:50002 c /x/c; ftp.dele /home/pub/c; ";
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 1000U}) {
    EXPECT_EQ(heard(talk, piece), expected);
  }
}

TEST(FtpDissector, AnnouncesActiveTransfers) {
  EXPECT_EQ(
      heard(after_login({client("PORT 192,0,2,7,195,80"), server("200 ok"), client("RETR a"),
                         server("150 go"), server("226 ok"), client("EPRT |2|2001:db8::7|50001|"),
                         server("200 ok"), client("APPE /b"), server("150 go"), server("226 ok")})),
      "ftp.retr client:192.0.2.7:50000 a ~/a; ftp.stor client:2001:db8::7:50001 b /b; ");
}

TEST(FtpDissector, KnowsTheNameThatTheServerChose) {
  EXPECT_EQ(heard(after_login({client("EPSV"), server("229 (|||50001|)"), client("STOU"),
                               server("150 FILE: upload.1"), server("226 ok")})),
            "ftp.stou server:50001 upload.1 ~/upload.1; ");
}

TEST(FtpDissector, AnnouncesNothingWithoutAPort) {
  EXPECT_EQ(heard(after_login({client("RETR a"), server("425 no port")})), "");
  EXPECT_EQ(heard(after_login({client("EPSV"), server("500 what"), client("RETR a")})), "");
  // One port, one transfer.
  EXPECT_EQ(heard(after_login({client("EPSV"), server("229 (|||50001|)"), client("LIST"),
                               client("RETR a"), client("RETR b")})),
            "ftp.retr server:50001 a ~/a; ");
}

TEST(FtpDissector, TellsOnlyWhatWasGranted) {
  EXPECT_EQ(
      heard(after_login({client("DELE a"), server("550 no"), client("CWD b"), server("550 no"),
                         client("DELE a"), server("250 gone"), client("RNFR a"), server("550 no"),
                         client("RNTO b"), server("503 what"), client("RNFR c"), server("350 to"),
                         client("RNTO d/e"), server("250 ok"), client("CDUP"), server("200 ok"),
                         client("DELE f"), server("200 ok")})),
      "ftp.dele ~/a; ftp.rename ~/c to ~/d/e; ftp.dele ~/f; ");
}

TEST(FtpDissector, GivesRepliesToTheirCommandsWhenSeveralWait) {
  EXPECT_EQ(heard(after_login({client("DELE a"), client("DELE b"), client("DELE c"),
                               server("550 no"), server("250 gone"), server("550 no")})),
            "ftp.dele ~/b; ");
}

TEST(FtpDissector, HandsOverToTls) {
  auto talk = Talk{server("220 FTP"), client("AUTH TLS"), server("234 go")};
  const Listened alone{talk};
  // No such family in this list.
  EXPECT_EQ(alone.found_.back().rule, std::string{"conversation.hand_over"});
}

TEST(FtpDissector, ForgetsWhatWaitedAfterAHole) {
  Listened listened{after_login({client("DELE a")})};
  listened.conversation_.on_gap(Side::kAcceptor, 10, {}, listened.found_);
  listened.say(server("50 gone"));
  listened.say(server("250 gone"));
  listened.say(client("DELE b"));
  listened.say(server("250 gone"));
  EXPECT_EQ(told(listened.found_), "ftp.dele ~/b; ");
}

TEST(FtpDissector, LeavesWhatIsNoFtpAndWhatOverruns) {
  Talk strange = kLogin;
  for (std::uint32_t line = 0; line <= FtpDissector::kMaxStrangeLines; ++line) {
    strange.push_back(client("\x01\x02"));
  }
  EXPECT_EQ(Listened{strange}.conversation_.recognition(), Recognition::kNothing);
  Talk ahead = kLogin;
  for (std::size_t count = 0; count <= FtpDissector::kMaxWaiting; ++count) {
    ahead.push_back(client("NOOP"));
  }
  EXPECT_EQ(Listened{ahead}.conversation_.recognition(), Recognition::kNothing);
}

TEST(FtpDissector, PassesOverALineWithoutEnd) {
  const std::string line = "DELE " + std::string(2 * kMaxLineBytes, 'a');
  for (const std::size_t piece : {1U, 999U, 1U << 16U}) {
    EXPECT_EQ(heard(after_login({client(line), client("DELE b"), server("250 gone")}), piece),
              "ftp.dele ~/b; ");
  }
}

TEST(FtpDissector, SurvivesDamage) {
  const auto talk =
      after_login({client("EPSV"), server("229 (|||50001|)"), client("STOR a"), server("226 ok"),
                   client("RNFR a"), server("350 x"), client("RNTO b"), server("250 ok")});
  for (std::size_t at = 0; at < talk.size(); ++at) {
    for (std::size_t byte = 0; byte < talk[at].text.size(); ++byte) {
      auto changed = talk;
      changed[at].text[byte] = static_cast<char>(changed[at].text[byte] ^ 0xff);
      (void)heard(changed);
      changed[at].text.resize(byte);
      (void)heard(changed);
    }
  }
}

}  // namespace
}  // namespace remora::ftp
