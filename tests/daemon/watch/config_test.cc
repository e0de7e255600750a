#include "daemon/watch/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace remora::watch {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Config read(const std::string& text, config::Problems& problems) {
  auto map = config::Map::read_text(text, "test", problems);
  auto config = read_watch(map);
  map.done();
  return config;
}

std::string address_of(const std::string& text) {
  config::Problems problems;
  const auto config = read(text, problems);
  EXPECT_THAT(problems, IsEmpty());
  return config.address.has_value() ? net::to_string(*config.address) : "none";
}

TEST(WatchConfig, IsTheLoopbackUnlessTold) {
  EXPECT_EQ(address_of("{}"), "127.0.0.1:8389");
}

TEST(WatchConfig, ReadsAnAddressOrOff) {
  EXPECT_EQ(address_of("admin: {address: '[::1]:9000'}"), "[::1]:9000");
  EXPECT_EQ(address_of("admin: {address: 'sensor.example:80'}"), "sensor.example:80");
  EXPECT_EQ(address_of("admin: {address: off}"), "none");
}

TEST(WatchConfig, RefusesWhatIsNoAddress) {
  config::Problems problems;
  (void)read("admin:\n  address: here\n  adress: there\n", problems);
  EXPECT_THAT(problems, ElementsAre(HasSubstr("test:2: admin.address: 'here' has no port"),
                                    HasSubstr("test:3: admin.adress: is not known")));
}

}  // namespace
}  // namespace remora::watch
