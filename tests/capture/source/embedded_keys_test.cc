#include "capture/source/embedded_keys.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/capture/source/layout.h"
#include "tests/capture/source/reading.h"

namespace remora::capture {
namespace {

using testing::Layout;
using testing::TemporaryDirectory;

constexpr std::uint32_t kSecretsBlock = 10;
constexpr std::uint32_t kTlsKeyLog = 0x544c534b;
constexpr std::uint32_t kWireGuardKeyLog = 0x57474b4c;

std::vector<std::string> found_in(const std::string& path) {
  std::vector<std::string> found;
  find_embedded_keys(path, [&](ByteView log) { found.emplace_back(as_text(log)); });
  return found;
}

Layout secrets(Layout body, std::uint32_t type, std::string_view log) {
  return body.u32(type).u32(static_cast<std::uint32_t>(log.size())).text(log);
}

class EmbeddedKeys : public ::testing::TestWithParam<std::endian> {
 protected:
  TemporaryDirectory folder_;
};

TEST_P(EmbeddedKeys, AreFoundWhereverTheyStand) {
  Layout file{GetParam()};
  file.section()
      .block(kSecretsBlock, secrets(Layout{GetParam()}, kTlsKeyLog, "one\n"))
      .block(5, Layout{GetParam()}.u64(0))
      .block(kSecretsBlock, secrets(Layout{GetParam()}, kWireGuardKeyLog, "another kind"))
      .block(kSecretsBlock, secrets(Layout{GetParam()}, kTlsKeyLog, "two"));
  EXPECT_EQ(found_in(folder_.write("keys.pcapng", file.bytes())),
            (std::vector<std::string>{"one\n", "two"}));
}

TEST_P(EmbeddedKeys, OfADamagedFileAreThoseBeforeTheDamage) {
  Layout file{GetParam()};
  file.section().block(kSecretsBlock, secrets(Layout{GetParam()}, kTlsKeyLog, "one"));
  const auto good = file.bytes();
  file.u32(kSecretsBlock).u32(3);
  EXPECT_EQ(found_in(folder_.write("damaged.pcapng", file.bytes())).size(), 1U);
  for (std::size_t size = 0; size < good.size() - 1; ++size) {
    EXPECT_TRUE(found_in(folder_.write("cut.pcapng", ByteView{good}.first(size))).empty()) << size;
  }
}

TEST_P(EmbeddedKeys, ThatClaimMoreThanTheirBlockHoldsAreNone) {
  Layout body{GetParam()};
  body.u32(kTlsKeyLog).u32(1000).text("short");
  Layout file{GetParam()};
  file.section().block(kSecretsBlock, body);
  EXPECT_TRUE(found_in(folder_.write("lying.pcapng", file.bytes())).empty());
}

INSTANTIATE_TEST_SUITE_P(ByteOrders, EmbeddedKeys,
                         ::testing::Values(std::endian::little, std::endian::big));

TEST(EmbeddedKeysOf, OtherFilesAreNone) {
  const TemporaryDirectory folder;
  Layout pcap;
  pcap.pcap_header();
  EXPECT_TRUE(found_in(folder.write("plain.pcap", pcap.bytes())).empty());
  EXPECT_TRUE(found_in(folder.path("missing")).empty());
  EXPECT_TRUE(found_in("-").empty());
}

}  // namespace
}  // namespace remora::capture
