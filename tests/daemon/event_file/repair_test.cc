#include "daemon/event_file/repair.h"

#include <fstream>

#include <gtest/gtest.h>

#include "daemon/event/delimited.h"
#include "tests/support/scratch_folder.h"

namespace remora::event_file {
namespace {

class Repair : public ::testing::Test {
 protected:
  [[nodiscard]] Contents of(const std::string& bytes, Format format = Format::kProtobuf) const {
    const auto path = folder.path() / "events";
    std::ofstream{path, std::ios::binary} << bytes;
    const auto contents = examine(path, format);
    return contents.has_value() ? *contents : Contents{.whole_bytes = 999, .damaged = true};
  }
  [[nodiscard]] static std::string record(const std::string& id) {
    v1::Event event;
    event.set_event_id(id);
    std::string bytes;
    append_delimited(bytes, event.SerializeAsString());
    return bytes;
  }
  testing::ScratchFolder folder;
};

TEST_F(Repair, FindsWhereTheLastWholeEventEnds) {
  const auto first = record("first");
  const auto all = first + record("second");
  for (std::size_t size = 0; size <= all.size(); ++size) {
    const auto contents = of(all.substr(0, size));
    EXPECT_FALSE(contents.damaged) << size;
    EXPECT_EQ(contents.whole_bytes,
              size == all.size() ? size : (size >= first.size() ? first.size() : 0))
        << size;
  }
}

TEST_F(Repair, ReadsFilesLargerThanItReadsAtOnce) {
  std::string all;
  while (all.size() < 3U << 20U) { all += record(std::string(1000, 'x')); }
  EXPECT_EQ(of(all).whole_bytes, all.size());
  EXPECT_EQ(of(all + "\x05").whole_bytes, all.size());
}

TEST_F(Repair, TellsDamageFromATornEnd) {
  const auto whole = record("whole");
  for (const auto& behind : {std::string(1, '\0'), std::string(100, '\0'),
                             std::string("\x02\xff\xff"), std::string(11, '\xff')}) {
    const auto contents = of(whole + behind);
    EXPECT_TRUE(contents.damaged);
    EXPECT_EQ(contents.whole_bytes, whole.size());
  }
}

TEST_F(Repair, DoesTheSameForJsonLines) {
  const std::string line = "{\"event_id\":\"a\"}\n";
  EXPECT_EQ(of(line + line, Format::kJsonLines).whole_bytes, 2 * line.size());
  const auto torn = of(line + "{\"event_id\":", Format::kJsonLines);
  EXPECT_EQ(torn.whole_bytes, line.size());
  EXPECT_FALSE(torn.damaged);
  EXPECT_TRUE(of(line + "nonsense", Format::kJsonLines).damaged);
  EXPECT_TRUE(of(line + "{\"a\n" + line, Format::kJsonLines).damaged);
  EXPECT_TRUE(of(line + std::string(10, '\0'), Format::kJsonLines).damaged);
}

TEST_F(Repair, SaysWhatItCannotRead) {
  EXPECT_FALSE(examine(folder.path() / "none", Format::kProtobuf).has_value());
}

}  // namespace
}  // namespace remora::event_file
