#include "dissect/smb/smb2_session.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/smb/smb_dissector.h"
#include "tests/dissect/smb/file_messages.h"

namespace remora::smb {
namespace {

constexpr std::uint32_t kPending = 0x103;
constexpr std::uint32_t kDenied = 0xc0000022;
constexpr std::uint32_t kRelated = 4;
constexpr std::uint32_t kAsync = 2;

const std::string kTicket = testing::xp_ticket();

/// A talk whose message ids count up.
class Talk {
 public:
  Talk() { exchange(3, tree2(R"(\\srv.corp.example\Support)"), std::string("\x10\0", 2)); }

  Talk& ask(std::uint16_t command, const std::string& body) {
    return client(message2(command, {.id = ++id_}, body));
  }
  Talk& answer(std::uint16_t command, const std::string& body, std::uint32_t status = 0,
               std::uint64_t id = 0) {
    return server(
        message2(command, {.id = id == 0 ? id_ : id, .response = true, .status = status}, body));
  }
  Talk& exchange(std::uint16_t command, const std::string& request, const std::string& response,
                 std::uint32_t status = 0) {
    return ask(command, request).answer(command, response, status);
  }
  Talk& open(std::string_view path, std::uint64_t size = 0, std::uint32_t options = 0) {
    return exchange(5, create2(path, options), created2(size));
  }
  Talk& close() { return exchange(6, close2(), std::string(60, '\0')); }
  Talk& client(const std::string& message) {
    said_.push_back({Side::kInitiator, on_transport(message)});
    return *this;
  }
  Talk& server(const std::string& message) {
    said_.push_back({Side::kAcceptor, on_transport(message)});
    return *this;
  }
  Talk& end(Side from) {
    said_.push_back({from, "", true});
    return *this;
  }
  [[nodiscard]] std::uint64_t id() const { return id_; }
  [[nodiscard]] const std::vector<Spoken>& said() const { return said_; }

 private:
  std::vector<Spoken> said_;
  std::uint64_t id_{0};
};

TEST(Smb2Session, SeesWhatIsWrittenAndReadInAnyOrder) {
  Talk talk;
  talk.open("In\\A.msrcIncident")
      .ask(9, write2(300, kTicket.substr(300)))
      .ask(9, write2(100, kTicket.substr(100, 200)))
      .ask(9, write2(0, kTicket.substr(0, 150)))
      .close();
  expect_files(talk.said(), "seen A.msrcIncident at \\support\\in\\a.msrcincident up; ");
  Talk reading;
  reading.open("a", kTicket.size());
  reading.ask(8, read2(200, 1000)).ask(8, read2(0, 200));
  reading.answer(8, data2(kTicket.substr(0, 200)))
      .answer(8, data2(kTicket.substr(200)), 0, reading.id() - 1)
      .close();
  expect_files(reading.said(), "seen a at \\support\\a down; ");
}

TEST(Smb2Session, TellsADeletionWhenTheFileIsClosed) {
  const std::string yes("\1", 1);
  const std::string no("\0", 1);
  expect_files(Talk{}.open("a").exchange(17, set_info2(13, yes), "\2").close().said(),
               "deleted \\support\\a; ");
  expect_files(Talk{}.open("a", 0, 0x1000).close().said(), "deleted \\support\\a; ");
  expect_files(
      Talk{}.open("a").exchange(17, set_info2(64, std::string("\3\0\0\0", 4)), "\2").close().said(),
      "deleted \\support\\a; ");
  expect_files(Talk{}.open("a").exchange(17, set_info2(13, yes), "", kDenied).close().said(), "");
  expect_files(Talk{}
                   .open("a")
                   .exchange(17, set_info2(13, yes), "\2")
                   .exchange(17, set_info2(13, no), "\2")
                   .close()
                   .said(),
               "");
  expect_files(Talk{}.open("a").exchange(17, set_info2(13, yes), "\2").said(), "");
}

TEST(Smb2Session, FollowsARename) {
  expect_files(Talk{}
                   .open("a")
                   .exchange(17, set_info2(10, rename2("old\\b")), "\2")
                   .exchange(17, set_info2(13, std::string("\1", 1)), "\2")
                   .close()
                   .said(),
               "moved \\support\\a to \\support\\old\\b; deleted \\support\\old\\b; ");
}

TEST(Smb2Session, KnowsWhatBelongsTogetherInACompound) {
  const auto padded = [](std::string message) {
    message.resize((message.size() + 7) / 8 * 8);
    return message;
  };
  const auto link = [&](std::uint16_t command, Head2 head, const std::string& body) {
    auto message = padded(message2(command, head, body));
    head.next = static_cast<std::uint32_t>(message.size());
    message = padded(message2(command, head, body));
    return message;
  };
  // Created, written, closed and deleted at once: the client does not know the file's id yet.
  Talk talk;
  talk.client(link(5, {.id = 11}, create2("a.msrcIncident", 0x1000)) +
              link(9, {.id = 12, .flags = kRelated}, write2(0, kTicket, kChainFile)) +
              message2(6, {.id = 13, .flags = kRelated}, close2(kChainFile)));
  talk.server(link(5, {.id = 11, .response = true}, created2(0)) +
              link(9, {.id = 12, .response = true}, std::string(16, '\0')) +
              message2(6, {.id = 13, .response = true}, std::string(60, '\0')));
  expect_files(talk.said(),
               "seen a.msrcIncident at \\support\\a.msrcincident up; "
               "deleted \\support\\a.msrcincident; ");
  Talk reading;
  reading.client(link(5, {.id = 11}, create2("a")) +
                 link(8, {.id = 12, .flags = kRelated}, read2(0, 4096, kChainFile)) +
                 message2(6, {.id = 13, .flags = kRelated}, close2(kChainFile)));
  reading.server(link(5, {.id = 11, .response = true}, created2(kTicket.size())) +
                 link(8, {.id = 12, .response = true}, data2(kTicket)) +
                 message2(6, {.id = 13, .response = true}, std::string(60, '\0')));
  expect_files(reading.said(), "seen a at \\support\\a down; ");
}

TEST(Smb2Session, WaitsForTheAnswerBehindAnInterimOne) {
  Talk talk;
  talk.open("a", kTicket.size()).ask(8, read2(0, 4096));
  talk.server(message2(8, {.id = talk.id(), .response = true, .status = kPending, .flags = kAsync},
                       std::string(9, '\0')));
  talk.server(message2(8, {.id = talk.id(), .response = true, .flags = kAsync}, data2(kTicket)));
  expect_files(talk.said(), "seen a at \\support\\a down; ");
}

TEST(Smb2Session, DoesNotCallAFileCutOffThatWasNotReadToItsEnd) {
  const auto half = kTicket.substr(0, 200);
  expect_files(Talk{}
                   .open("a.msrcIncident", kTicket.size())
                   .exchange(8, read2(0, 200), data2(half))
                   .close()
                   .said(),
               "");
  expect_files(
      Talk{}.open("a.msrcIncident", 200).exchange(8, read2(0, 200), data2(half)).close().said(),
      "refused a.msrcIncident; ");
}

TEST(Smb2Session, RefusesWhatTheEndOfTheConnectionCutsOff) {
  const auto begun = [] {
    return Talk{}.open("a.msrcIncident").ask(9, write2(0, kTicket.substr(0, 200)));
  };
  expect_files(begun().end(Side::kInitiator).said(), "refused a.msrcIncident; ");
  // The client may have sent more to a server that is gone.
  expect_files(begun().end(Side::kAcceptor).said(), "");
  expect_files(begun().close().end(Side::kInitiator).said(), "refused a.msrcIncident; ");
  expect_files(
      Talk{}.open("a.msrcIncident").ask(9, write2(0, kTicket)).end(Side::kInitiator).said(),
      "seen a.msrcIncident at \\support\\a.msrcincident up; ");
  expect_files(
      Talk{}.open("a.msrcIncident").ask(9, write2(200, kTicket)).end(Side::kInitiator).said(), "");
  expect_files(Talk{}
                   .open("a.msrcIncident", kTicket.size())
                   .exchange(8, read2(0, 200), data2(kTicket.substr(0, 200)))
                   .end(Side::kInitiator)
                   .said(),
               "");
}

TEST(Smb2Session, DoesNotReadPipesNorWhatWasNotOpened) {
  Talk pipe;
  pipe.exchange(3, tree2(R"(\\srv\IPC$)"), std::string("\x10\0", 2))
      .open("a")
      .ask(9, write2(0, kTicket));
  expect_files(pipe.said(), "");
  expect_files(Talk{}.ask(9, write2(0, kTicket)).said(), "");
  expect_files(Talk{}.exchange(5, create2("a"), "", kDenied).ask(9, write2(0, kTicket)).said(), "");
}

TEST(Smb2Session, PassesOverALargeFileAndReadsWhatFollows) {
  Talk talk;
  talk.open("setup.exe", 1U << 20U)
      .exchange(8, read2(0, 300'000), data2("MZ" + std::string(299'998, 'x')))
      .exchange(8, read2(300'000, 300'000), data2(std::string(300'000, 'x')))
      .close()
      .open("a", kTicket.size())
      .exchange(8, read2(0, 65536), data2(kTicket));
  EXPECT_EQ(hear_files(talk.said()), "seen a at \\support\\a down; ");
  EXPECT_EQ(hear_files(talk.said(), 1460), "seen a at \\support\\a down; ");
}

}  // namespace
}  // namespace remora::smb
