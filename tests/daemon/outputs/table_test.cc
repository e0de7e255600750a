#include "daemon/outputs/table.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <unistd.h>

#include <gtest/gtest.h>

namespace remora::outputs {
namespace {

std::string table(const std::function<void(TableWriter&)>& write) {
  const auto path =
      std::filesystem::temp_directory_path() / ("remora-table-" + std::to_string(getpid()));
  {
    auto sink = ByteSink::open(path.string());
    TableWriter writer{*sink};
    write(writer);
    writer.finish();
  }
  std::ifstream in{path};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  std::filesystem::remove(path);
  return text;
}

v1::Event closed(const std::string& user) {
  v1::Event event;
  auto& session = *event.mutable_session_closed()->mutable_session();
  session.set_kind(v1::Session::RDP);
  session.mutable_client()->set_address("192.0.2.1");
  session.mutable_client()->set_port(50000);
  session.mutable_server()->set_address("2001:db8::1");
  session.mutable_server()->set_port(3389);
  session.mutable_negotiation()->set_cookie(user);
  session.set_outcome(v1::Session::ESTABLISHED);
  session.set_end_reason(v1::Session::CLIENT_CLOSED);
  return event;
}

TEST(Table, SaysThatThereAreNoSessions) {
  EXPECT_EQ(table([](TableWriter&) {}), "no sessions found\n");
}

TEST(Table, ShowsThatASessionIsOpen) {
  const auto text = table([](TableWriter& writer) {
    auto session = closed("eva").session_closed().session();
    session.clear_outcome();
    session.clear_end_reason();
    writer.write(session);
  });
  EXPECT_NE(text.find(" -        (open)\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("UNSPECIFIED"), std::string::npos);
}

TEST(Table, NamesWhoLoggedOnBeforeWhoShowedCredentials) {
  const auto text = table([](TableWriter& writer) {
    auto event = closed("eva");
    auto& session = *event.mutable_session_closed()->mutable_session();
    session.add_users()->set_name("anna");
    session.mutable_users(0)->set_source(v1::User::NTLM);
    session.add_users()->set_name("boss");
    session.mutable_users(1)->set_source(v1::User::SAVE_SESSION_INFO);
    writer.write(event);
  });
  EXPECT_NE(text.find("boss"), std::string::npos);
  EXPECT_EQ(text.find("anna"), std::string::npos);
}

TEST(Table, HasALineForEachSessionThatIsOver) {
  const auto text = table([](TableWriter& writer) {
    v1::Event opened;
    opened.mutable_session_opened();
    writer.write(opened);
    writer.write(closed("eva"));
  });
  EXPECT_EQ(std::ranges::count(text, '\n'), 2);
  EXPECT_NE(text.find("192.0.2.1:50000"), std::string::npos);
  EXPECT_NE(text.find("[2001:db8::1]:3389"), std::string::npos);
  EXPECT_NE(text.find("eva?"), std::string::npos);
}

TEST(Table, LetsNoTextActOnTheTerminal) {
  const auto text = table([](TableWriter& writer) { writer.write(closed("\x1b[2Jeva\n")); });
  EXPECT_NE(text.find(".[2Jeva.?"), std::string::npos);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(Table, GoesOnAfterTheRowsThatItHolds) {
  const auto text = table([](TableWriter& writer) {
    for (int i = 0; i < 1500; ++i) { writer.write(closed("eva")); }
  });
  EXPECT_EQ(std::ranges::count(text, '\n'), 1501);
}

}  // namespace
}  // namespace remora::outputs
