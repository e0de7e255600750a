#include "dissect/dcom/objref.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::dcom {
namespace {

using testing::hex;

const std::string kIid = "84a620f126b97f449df4c966cb785648";
// STDOBJREF, [MS-DCOM] 2.2.18.2
const std::string kStandard =
    "00000000 05000000 a1a2a3a4a5a6a7a8 b1b2b3b4b5b6b7b8 202122232425262728292a2b2c2d2e2f";
const std::string kArray = "0600 0400 0700 4100 0000 0000 0000 0000";

const auto kObject = hex("4d454f57 01000000" + kIid + kStandard + kArray);

TEST(Objref, OfTheStandardFormSaysWhereTheObjectIs) {
  const auto object = decode(kObject, read_objref);
  ASSERT_TRUE(object.has_value());
  EXPECT_EQ(object->flags, Objref::kStandard);
  EXPECT_EQ(object->iid, ndr::make_guid("F120A684-B926-447F-9DF4-C966CB785648"));
  EXPECT_EQ(object->oxid, 0xa8a7a6a5a4a3a2a1U);
  ASSERT_EQ(object->resolver.size(), 1U);
  EXPECT_EQ(object->resolver[0].host, "A");
}

TEST(Objref, ObeysTheLawsOfReaders) {
  testing::expect_reader_laws(kObject, read_objref);
}

TEST(Objref, OfOtherFormsIsReadToo) {
  const auto handler =
      decode(hex("4d454f57 02000000" + kIid + kStandard + kIid + kArray), read_objref);
  ASSERT_TRUE(handler.has_value());
  EXPECT_EQ(handler->clsid, handler->iid);
  EXPECT_EQ(handler->resolver.size(), 1U);
  const auto extended =
      decode(hex("4d454f57 08000000" + kIid + kStandard + "5659534e" + kArray), read_objref);
  ASSERT_TRUE(extended.has_value());
  EXPECT_EQ(extended->resolver.size(), 1U);
  EXPECT_FALSE(
      decode(hex("4d454f57 08000000" + kIid + kStandard + "5359534e" + kArray), read_objref)
          .has_value());
}

TEST(Objref, OfTheCustomFormHoldsData) {
  const auto custom =
      decode(hex("4d454f57 04000000" + kIid + kIid + "00000000 04000000 aabbccdd"), read_objref);
  ASSERT_TRUE(custom.has_value());
  EXPECT_EQ(custom->object_data.size(), 4U);
}

TEST(Objref, IsRefusedWithAnotherMarkOrForm) {
  EXPECT_FALSE(decode(hex("4d454f58 01000000" + kIid + kStandard + kArray), read_objref));
  EXPECT_FALSE(decode(hex("4d454f57 03000000" + kIid + kStandard + kArray), read_objref));
}

}  // namespace
}  // namespace remora::dcom
