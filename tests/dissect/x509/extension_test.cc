#include "dissect/x509/extension.h"

#include <gtest/gtest.h>

#include "capture/base/cursor.h"
#include "tests/support/made_certificate.h"

namespace remora::x509 {
namespace {

constexpr auto kSubjectAlternativeName = "2.5.29.17";
constexpr auto kLicenseServerInfo = "1.3.6.1.4.1.311.18.6";

TEST(Extension, IsTheContentOfTheOneAskedFor) {
  const auto made = testing::make_certificate("srv", "DNS:a");
  const auto content = extension(made.der(), kSubjectAlternativeName);
  ASSERT_EQ(content.size(), 5U);  // a sequence with a dNSName
  EXPECT_EQ(to_u8(content.back()), 'a');
  EXPECT_TRUE(extension(made.der(), kLicenseServerInfo).empty());
}

TEST(Extension, IsEmptyWhereThereIsNoCertificate) {
  EXPECT_TRUE(extension({}, kLicenseServerInfo).empty());
  EXPECT_TRUE(extension(as_bytes("no certificate"), kLicenseServerInfo).empty());
  EXPECT_TRUE(extension(testing::make_certificate("srv", {}).der(), "no identifier").empty());
}

}  // namespace
}  // namespace remora::x509
