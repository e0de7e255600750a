#include "daemon/sensor/context.h"

#include <array>
#include <string_view>
#include <unistd.h>

#include <gtest/gtest.h>

namespace remora::sensor {
namespace {

using internal::v1::KeyFiles;

processes::Descriptor holding(std::string_view text) {
  std::array<int, 2> ends{};
  EXPECT_EQ(pipe(ends.data()), 0);
  EXPECT_EQ(write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  (void)close(ends[1]);
  return processes::Descriptor{ends[0]};
}

void add(KeyFiles& files, KeyFiles::Kind kind, const char* name) {
  auto& file = *files.add_files();
  file.set_kind(kind);
  file.set_name(name);
}

TEST(SensorContext, ReadsTheFilesThatCameAlong) {
  KeyFiles files;
  add(files, KeyFiles::TICKET_PASSWORDS, "first");
  add(files, KeyFiles::RSA_KEY, "broken");
  add(files, KeyFiles::TICKET_PASSWORDS, "second");
  std::deque<processes::Descriptor> descriptors;
  descriptors.push_back(holding("one\ntwo\n"));
  descriptors.push_back(holding("no key"));
  descriptors.push_back(holding("three\n"));
  const auto context = make_context(files, descriptors, true, false).context;
  EXPECT_TRUE(descriptors.empty());
  // What is of no use is left out; the rest counts.
  EXPECT_EQ(context->keys.ticket_passwords().size(), 3U);
  EXPECT_FALSE(context->keys.has_rsa_keys());
  EXPECT_TRUE(context->scan_streams);
  EXPECT_FALSE(context->open_easy_connect);
}

TEST(SensorContext, FilesThatDidNotComeAreMissing) {
  KeyFiles files;
  add(files, KeyFiles::TICKET_PASSWORDS, "first");
  std::deque<processes::Descriptor> none;
  EXPECT_TRUE(make_context(files, none, false, false).context->keys.ticket_passwords().empty());
}

}  // namespace
}  // namespace remora::sensor
