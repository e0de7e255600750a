#include "dissect/pnrp/easy_connect.h"

#include <gtest/gtest.h>

#include "dissect/encoding/utf16.h"
#include "tests/support/hex.h"

namespace remora::pnrp {
namespace {

using testing::hex;

// The example of [MS-RAIOP] 4: "SAMPLE" in hour 338540.
constexpr auto* kClassifier = "30E3DBFB314B409A70BCCE744CADE65F";
const auto kPayload = hex("7fd654482fe09273d76985b01d4b7a4b");

TEST(EasyConnect, IsOpenedByItsClassifier) {
  const auto opened = open_payload(kClassifier, kPayload);
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(encoding::utf16le_to_utf8(*opened), "SAMPLE");
}

TEST(EasyConnect, IsNotOpenedByAnother) {
  EXPECT_FALSE(open_payload("30E3DBFB314B409A70BCCE744CADE650", kPayload).has_value());
  EXPECT_FALSE(open_payload(kClassifier, ByteView{kPayload}.first(15)).has_value());
  EXPECT_FALSE(open_payload(kClassifier, {}).has_value());
}

TEST(Classifier, OfEasyConnectHasThirtyTwoUpperCaseDigits) {
  EXPECT_TRUE(is_easy_connect(kClassifier));
  EXPECT_FALSE(is_easy_connect("30e3dbfb314b409a70bcce744cade65f"));
  EXPECT_FALSE(is_easy_connect("30E3DBFB314B409A70BCCE744CADE65"));
  EXPECT_TRUE(is_contact("0123456789012345678901234567890123456789.RAContact"));
  EXPECT_FALSE(is_contact("HomeGroup"));
}

}  // namespace
}  // namespace remora::pnrp
