#include "dissect/smb/smb_dissector.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/smb/family.h"
#include "tests/dissect/smb/messages.h"
#include "tests/support/told.h"

namespace remora::smb {
namespace {

using testing::hex;
using testing::Said;
using testing::utf16_of;

constexpr auto kClient = Side::kInitiator;
constexpr auto kServer = Side::kAcceptor;

[[nodiscard]] Said client(const std::string& message) {
  return {kClient, hex(framed(message))};
}
[[nodiscard]] Said server(const std::string& message) {
  return {kServer, hex(framed(message))};
}

const std::vector<Said> kLogin{
    client(smb2(0, false, "2400 0100 0100 0000 7f000000")),
    server(smb2(0, true, "4100 0100 0003 0000")),
    client(smb2_setup(ntlm_negotiate(), false)),
    server(smb2_setup(ntlm_challenge(), true)),
    client(smb2_setup(ntlm_authenticate(), false)),
    server(smb2_setup("", true)),
};
const std::string kTold = "server srv.corp.example; client WS; client CORP\\alice; ";

TEST(SmbDissector, TellsALoginAndTheFirstTreeHoweverTheStreamIsCut) {
  auto talk = kLogin;
  talk.push_back(client(smb2_tree(R"(\\files.corp.example\IPC$)")));
  talk.push_back(client(smb2_tree(R"(\\other\IPC$)")));
  testing::expect_names_however_cut(family(), talk,
                                    kTold + "server files.corp.example as dialled; ");
}

TEST(SmbDissector, DoesNotTakeAnAddressForAName) {
  auto talk = kLogin;
  talk.push_back(client(smb2_tree(R"(\\192.0.2.7\IPC$)")));
  EXPECT_EQ(testing::listen(family(), talk, 4096).told, kTold);
}

TEST(SmbDissector, LeavesWhatIsSealedAndPassesOverWhatIsCompressed) {
  auto talk = kLogin;
  talk.push_back(client("fc534d42" + std::string(96, '0')));
  talk.push_back(client(smb2_tree(R"(\\srv2\x)")));
  EXPECT_EQ(testing::listen(family(), talk, 4096).told, kTold + "server srv2 as dialled; ");
  talk.push_back(client("fd534d42" + std::string(96, '0')));
  EXPECT_EQ(testing::listen(family(), talk, 4096).recognition, Recognition::kNothing);
}

TEST(SmbDissector, KeepsNothingOfALargeMessage) {
  const auto only = family();
  Conversation large{Families{&only, 1}};
  std::vector<Finding> found;
  // 15 MiB whose body never comes.
  large.on_bytes(kClient, hex("00 f00000" + smb2(9, false, std::string(96, '0'))), {}, found);
  EXPECT_EQ(large.tail_bytes(), 0U);
  large.on_bytes(kServer, hex("00 f00000" + smb2(8, true, std::string(96, '0'))), {}, found);
  EXPECT_EQ(large.tail_bytes(), 0U);
}

TEST(SmbDissector, TellsTheNamesOfTheSessionService) {
  const std::vector<Said> talk{
      {kClient, hex("81 00 0044"
                    "20 4644464346474341434143414341434143414341434143414341434143414341 00"
                    "20 4648464443414341434143414341434143414341434143414341434143414141 00")},
      {kServer, hex("82 000000")},
      {kServer, hex("85 000000")},
      client(smb2_tree(R"(\\srv2\x)")),
  };
  testing::expect_names_however_cut(family(), talk,
                                    "server SRV as dialled; client WS; server srv2 as dialled; ");
}

TEST(SmbDissector, GoesOnAtTheNextMessageAfterAHole) {
  const auto only = family();
  Conversation conversation{Families{&only, 1}};
  std::vector<Finding> found;
  conversation.on_bytes(kClient, kLogin[0].bytes, {}, found);
  conversation.on_gap(kServer, 300, {}, found);
  conversation.on_bytes(kServer, hex("0011223344556677"), {}, found);
  conversation.on_bytes(kServer, kLogin[3].bytes, {}, found);
  conversation.on_bytes(kClient, kLogin[4].bytes, {}, found);
  EXPECT_EQ(testing::names_and_accounts(found), kTold);
}

TEST(SmbDissector, ReadsTheOldProtocolToo) {
  const auto blob = ntlm_authenticate();
  const std::vector<Said> talk{
      client(smb1("73", false,
                  "0c ff 00 0000 ffff 0200 0100 00000000" + u16(size_of(blob)) +
                      "00000000 d4000080" + u16(size_of(blob)) + blob)),
      client(smb1("73", false,
                  "0d ff 00 0000 ffff 0200 0100 00000000 0000 0000 00000000 54000000 1500 00" +
                      utf16_of("bob") + "0000" + utf16_of("CORP") + "0000")),
      server(smb1("a2", true, "000000")),
  };
  testing::expect_names_however_cut(family(), talk,
                                    "client WS; client CORP\\alice; client CORP\\bob; ");
}

TEST(SmbDissector, LeavesWhatTheSessionServiceRefuses) {
  const std::vector<Said> talk{client(smb2(0, false, "24000000")), {kServer, hex("83 000001 80")}};
  EXPECT_EQ(testing::listen(family(), talk, 4096).recognition, Recognition::kNothing);
}

}  // namespace
}  // namespace remora::smb
