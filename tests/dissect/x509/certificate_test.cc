#include "dissect/x509/certificate.h"

#include <vector>

#include <gtest/gtest.h>

#include "dissect/encoding/text.h"
#include "tests/support/made_certificate.h"

namespace remora::x509 {
namespace {

using testing::make_certificate;

TEST(Certificate, TellsSubjectMostSpecificPartFirst) {
  const auto seen = read_certificate(make_certificate("srv", {}).der());
  ASSERT_TRUE(seen.has_value());
  EXPECT_EQ(seen->subject, "CN=srv,DC=corp,DC=example");
  EXPECT_EQ(seen->issuer, seen->subject);
  EXPECT_EQ(seen->common_name, "srv");
  EXPECT_TRUE(seen->self_signed);
}

TEST(Certificate, TellsSerialValidityAndKey) {
  const auto seen = read_certificate(make_certificate("srv", {}).der());
  ASSERT_TRUE(seen.has_value());
  EXPECT_EQ(seen->serial, "c0ffee");
  using namespace std::chrono;  // NOLINT: dates
  EXPECT_EQ(seen->not_before, Moment{sys_days{2026y / January / 1}});
  EXPECT_EQ(seen->not_after, Moment{sys_days{2026y / July / 1}});
  EXPECT_EQ(seen->public_key_bits, 2048U);
  EXPECT_EQ(seen->signature_algorithm, "sha256WithRSAEncryption");
  EXPECT_TRUE(seen->names.empty());
}

TEST(Certificate, ListsAlternativeNamesAndAddressesInOrder) {
  const auto made =
      make_certificate("srv", "DNS:srv.corp.example,IP:192.0.2.7,DNS:*.x.example,IP:2001:db8::1");
  const auto seen = read_certificate(made.der());
  ASSERT_TRUE(seen.has_value());
  EXPECT_EQ(seen->names, (std::vector<std::string>{"srv.corp.example", "192.0.2.7", "*.x.example",
                                                   "2001:db8::1"}));
}

TEST(Certificate, KeepsNamesBeyondAscii) {
  const auto seen = read_certificate(make_certificate("büro-01", {}).der());
  ASSERT_TRUE(seen.has_value());
  EXPECT_EQ(seen->common_name, "büro-01");
  EXPECT_EQ(seen->subject, "CN=büro-01,DC=corp,DC=example");
}

TEST(Certificate, NeverTakesWhatIsCutOrChangedForMoreThanItIs) {
  const auto der = make_certificate("srv", "DNS:srv.corp.example").der();
  for (std::size_t size = 0; size < der.size(); ++size) {
    const std::vector<std::byte> cut(der.begin(), der.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_FALSE(read_certificate(cut).has_value()) << "cut at " << size;
  }
  auto changed = der;
  for (auto& byte : changed) {
    byte ^= std::byte{0xff};
    if (const auto seen = read_certificate(changed)) {
      EXPECT_TRUE(encoding::is_printable(as_bytes(seen->common_name)));
    }
    byte ^= std::byte{0xff};
  }
}

TEST(Certificate, DoesNotLookAtOneThatIsTooLarge) {
  EXPECT_FALSE(read_certificate(std::vector<std::byte>(kMaxCertificateBytes + 1)).has_value());
}

}  // namespace
}  // namespace remora::x509
