#include "dissect/assistance/command.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace remora::assistance {
namespace {

using Kind = observation::AssistanceCommand::Kind;

TEST(Command, KnowsEachThatMatters) {
  constexpr std::array<std::pair<std::string_view, Kind>, 12> kKinds{{
      {"REMOTECTRLSTART", Kind::kControlAsked},
      {"ACCEPTRC", Kind::kControlGranted},
      {"REJECTRC", Kind::kControlRefused},
      {"DENIEDRC ", Kind::kControlForbidden},
      {"TAKECONTROL", Kind::kControlTaken},
      {"ESCRC", Kind::kControlEscaped},
      {"REMOTECTRLEND", Kind::kControlEnded},
      {"ABORTRC", Kind::kControlAborted},
      {"EXPERTIP", Kind::kExpertAddress},
      {"VOIPGO", Kind::kVoice},
      {"TYPINGSTART", Kind::kOther},
      {"", Kind::kOther},
  }};
  for (const auto& [name, kind] : kKinds) {
    const auto command = to_command("<RCCOMMAND NAME=\"" + std::string{name} + "\"/>");
    ASSERT_TRUE(command.has_value());
    EXPECT_EQ(command->kind, kind) << name;
  }
}

TEST(Command, ReadsTheExampleOfTheSpecification) {
  // [MS-RA] 4.2
  const auto command = to_command(R"(<RCCOMMAND NAME="FILEXFER" FILENAME="20070130182140.xml" )"
                                  R"(FILESIZE="436" CHANNELID="RA_FX"/>)");
  ASSERT_TRUE(command.has_value());
  EXPECT_EQ(command->kind, Kind::kFileOffered);
  EXPECT_EQ(command->file_name, "20070130182140.xml");
  EXPECT_EQ(command->file_size, 436U);
  EXPECT_EQ(command->channel, "RA_FX");
  EXPECT_FALSE(command->internal);
}

TEST(Command, TellsInternalData) {
  const auto internal = [](const std::string& value) {
    return to_command("<RCCOMMAND NAME=\"FILEXFER\" INTERNALDATA=\"" + value + "\"/>")->internal;
  };
  EXPECT_TRUE(internal("1"));
  EXPECT_TRUE(internal("0x2"));
  EXPECT_FALSE(internal("0"));
  EXPECT_FALSE(internal(""));
}

TEST(Command, HasNoSizeThatIsNoNumber) {
  EXPECT_FALSE(to_command(R"(<RCCOMMAND NAME="FILEXFER" FILESIZE="5x"/>)")->file_size.has_value());
  EXPECT_FALSE(to_command(R"(<RCCOMMAND NAME="FILEXFER" FILESIZE="-5"/>)")->file_size.has_value());
}

TEST(Command, ListsAddresses) {
  using List = std::vector<std::string>;
  EXPECT_EQ(to_command(R"(<RCCOMMAND NAME="EXPERTIP" EXPERTIPDATA="10.7.7.7"/>)")->addresses,
            List{"10.7.7.7"});
  EXPECT_EQ(to_command(R"(<RCCOMMAND NAME="VOIPGO" VOIPGOKEY="c2VjcmV0" )"
                       R"(VOIPIPLIST="192.0.2.7:11334, 10.8.8.8:11334;"/>)")
                ->addresses,
            (List{"192.0.2.7:11334", "10.8.8.8:11334"}));
}

TEST(Command, IsNoOtherElement) {
  EXPECT_FALSE(to_command("<OTHER NAME=\"ACCEPTRC\"/>").has_value());
  EXPECT_FALSE(to_command("hello").has_value());
}

}  // namespace
}  // namespace remora::assistance
