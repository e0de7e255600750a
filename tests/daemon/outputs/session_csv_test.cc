#include "daemon/outputs/session_csv.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace remora::outputs {
namespace {

TEST(CsvCell, QuotesWhatMustBe) {
  EXPECT_EQ(to_csv_cell("plain text"), "plain text");
  EXPECT_EQ(to_csv_cell(""), "");
  EXPECT_EQ(to_csv_cell("a,b"), "\"a,b\"");
  EXPECT_EQ(to_csv_cell("say \"hi\""), "\"say \"\"hi\"\"\"");
  EXPECT_EQ(to_csv_cell("two\r\nlines"), "\"two\r\nlines\"");
}

TEST(CsvCell, MakesNoFormulaOfWhatANetworkUserTyped) {
  EXPECT_EQ(to_csv_cell("=cmd|'/C calc'!A0"), "'=cmd|'/C calc'!A0");
  EXPECT_EQ(to_csv_cell("@SUM(1,2)"), "\"'@SUM(1,2)\"");
  EXPECT_EQ(to_csv_cell("+1"), "'+1");
  EXPECT_EQ(to_csv_cell("-1"), "'-1");
  EXPECT_EQ(to_csv_cell("\t=1"), "'\t=1");
  EXPECT_EQ(to_csv_cell("\r=1"), "\"'\r=1\"");
  EXPECT_EQ(to_csv_cell("a=1"), "a=1");
}

TEST(SessionCsv, WritesAHeaderAndEmptyCellsForWhatIsNotKnown) {
  const auto path =
      std::filesystem::temp_directory_path() / ("remora-csv-" + std::to_string(getpid()));
  {
    auto sink = ByteSink::open(path.string());
    SessionCsvWriter writer{*sink};
    v1::Session session;
    session.set_session_id("s1");
    session.set_kind(v1::Session::RDP);
    session.mutable_opened()->set_seconds(60);
    session.mutable_duration()->set_nanos(500'000'000);
    session.mutable_client()->set_address("192.0.2.1");
    session.mutable_client()->set_port(50000);
    session.add_users()->set_name("=eva");
    writer.write(session);
    writer.finish();
  }
  std::ifstream in{path, std::ios::binary};
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  std::filesystem::remove(path);
  const auto end = text.find("\r\n");
  EXPECT_THAT(text.substr(0, end), testing::StartsWith("opened,accepted,closed,duration_seconds"));
  EXPECT_EQ(text.substr(end + 2),
            "1970-01-01T00:01:00Z,,,0.500,,RDP,,192.0.2.1,50000,,,,,'=eva,,,,,,,,s1\r\n");
}

}  // namespace
}  // namespace remora::outputs
