#include "dissect/keys/tls_secrets.h"

#include <string>

#include <gtest/gtest.h>

namespace remora::keys {
namespace {

const std::string kRandom(64, '1');
const std::string kMaster(96, 'a');

TlsRandom random_of(std::byte filled_with) {
  TlsRandom random{};
  random.fill(filled_with);
  return random;
}

TEST(TlsSecrets, ReadsEveryLabel) {
  TlsSecrets secrets;
  EXPECT_TRUE(secrets.empty());
  std::string log = "# a comment\n\nCLIENT_RANDOM " + kRandom + ' ' + kMaster + '\n';
  for (const auto* label :
       {"CLIENT_EARLY_TRAFFIC_SECRET", "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
        "SERVER_HANDSHAKE_TRAFFIC_SECRET", "CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0"}) {
    log += std::string{label} + ' ' + kRandom + ' ' + std::string(64, 'B') + "\r\n";
  }
  EXPECT_EQ(secrets.add_key_log(log), 6U);
  const auto random = random_of(std::byte{0x11});
  ASSERT_NE(secrets.find(TlsLabel::kMasterSecret, random), nullptr);
  EXPECT_EQ(secrets.find(TlsLabel::kMasterSecret, random)->bytes().size(), 48U);
  EXPECT_EQ(secrets.find(TlsLabel::kServerTraffic, random)->bytes()[0], std::byte{0xbb});
  EXPECT_EQ(secrets.find(TlsLabel::kServerTraffic, random_of(std::byte{2})), nullptr);
}

TEST(TlsSecrets, PassesOverWhatIsNoSecret) {
  TlsSecrets secrets;
  for (const auto& line :
       {std::string{"EXPORTER_SECRET "} + kRandom + ' ' + kMaster,
        "CLIENT_RANDOM " + kRandom.substr(1) + ' ' + kMaster, "CLIENT_RANDOM " + kRandom,
        "CLIENT_RANDOM " + kRandom + ' ' + std::string(130, 'a'),
        "CLIENT_RANDOM " + kRandom + " aX", "CLIENT_RANDOM " + kRandom + " abc",
        std::string{"CLIENT_RANDOM"}, std::string(1000, ' ')}) {
    EXPECT_EQ(secrets.add_key_log(line), 0U) << line;
  }
  EXPECT_TRUE(secrets.empty());
}

TEST(TlsSecrets, TheFirstWordCounts) {
  TlsSecrets secrets;
  secrets.add_key_log("CLIENT_RANDOM " + kRandom + ' ' + kMaster);
  secrets.add_key_log("CLIENT_RANDOM " + kRandom + ' ' + std::string(96, 'c'));
  EXPECT_EQ(secrets.size(), 1U);
  EXPECT_EQ(secrets.find(TlsLabel::kMasterSecret, random_of(std::byte{0x11}))->bytes()[0],
            std::byte{0xaa});
}

TEST(TlsSecrets, TheOldestMakeRoom) {
  TlsSecrets secrets;
  const auto line = [](std::size_t number) {
    auto random = std::to_string(100'000'000 + number);
    random.resize(64, '0');
    return "CLIENT_RANDOM " + random + ' ' + kMaster + '\n';
  };
  const auto random_of_line = [&](std::size_t number) {
    TlsRandom random{};
    const auto text = line(number).substr(14, 64);
    for (std::size_t at = 0; at < random.size(); ++at) {
      random.at(at) = static_cast<std::byte>(std::stoi(text.substr(2 * at, 2), nullptr, 16));
    }
    return random;
  };
  for (std::size_t number = 0; number < TlsSecrets::kMaxSecrets + 3; ++number) {
    ASSERT_EQ(secrets.add_key_log(line(number)), 1U);
  }
  EXPECT_EQ(secrets.size(), TlsSecrets::kMaxSecrets);
  EXPECT_EQ(secrets.given_up(), 3U);
  for (std::size_t gone = 0; gone < 3; ++gone) {
    EXPECT_EQ(secrets.find(TlsLabel::kMasterSecret, random_of_line(gone)), nullptr);
  }
  for (const auto kept : {std::size_t{3}, TlsSecrets::kMaxSecrets + 2}) {
    EXPECT_NE(secrets.find(TlsLabel::kMasterSecret, random_of_line(kept)), nullptr);
  }
  // One that is there already takes nobody's place.
  secrets.add_key_log(line(3));
  EXPECT_EQ(secrets.given_up(), 3U);
}

}  // namespace
}  // namespace remora::keys
