#include "dissect/rdp/security_exchange.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/dissect/rdp/golden.h"
#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

namespace golden = testing::golden;

TEST(SecurityExchange, GivesTheEncryptedClientRandom) {
  const auto bytes = golden::security_exchange();
  const auto body = golden::send_data(bytes).subspan(4);
  const auto exchange = decode(body, read_security_exchange);
  ASSERT_TRUE(exchange.has_value());
  EXPECT_TRUE(
      std::ranges::equal(exchange->encrypted_client_random, golden::encrypted_client_random()));
  testing::expect_reader_laws(body, read_security_exchange);
}

TEST(SecurityExchange, NamesTheFieldThatIsMissing) {
  EXPECT_EQ(decode(testing::hex("48000000 00"), read_security_exchange).error().to_text(),
            "encryptedClientRandom at 4: 1 of 72 bytes");
}

}  // namespace
}  // namespace remora::rdp
