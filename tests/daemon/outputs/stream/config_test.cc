#include "daemon/outputs/stream/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace remora::outputs::stream {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

[[nodiscard]] Config read(const std::string& text, config::Problems& problems) {
  auto map = config::Map::read_text(text, "test.yaml", problems);
  auto config = read_config(map);
  map.done();
  return config;
}

TEST(StreamConfig, NeedsAnAddressAlone) {
  config::Problems problems;
  const auto config = read("address: collector.example", problems);
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_EQ(net::to_string(config.address), "collector.example:4319");
  EXPECT_FALSE(config.tls.enabled);
  EXPECT_EQ(config.timeout, std::chrono::seconds{30});
  (void)read("{}", problems);
  EXPECT_THAT(problems, ElementsAre(HasSubstr("address")));
}

TEST(StreamConfig, ReadsAllItsKeys) {
  config::Problems problems;
  const auto config = read(
      "{address: '[::1]:9', connect_timeout: 5s, timeout: 2m, tls: {ca_file: ca.pem}}", problems);
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_EQ(config.address.host, "::1");
  EXPECT_EQ(config.connect_timeout, std::chrono::seconds{5});
  EXPECT_EQ(config.timeout, std::chrono::minutes{2});
  EXPECT_TRUE(config.tls.enabled);
}

TEST(StreamConfig, SaysWhatIsWrong) {
  config::Problems problems;
  (void)read("{address: 'a:b:c', timeout: 0s, addres: x}", problems);
  EXPECT_THAT(problems, ElementsAre(HasSubstr("more than one colon"), HasSubstr("no time"),
                                    HasSubstr("addres")));
}

}  // namespace
}  // namespace remora::outputs::stream
