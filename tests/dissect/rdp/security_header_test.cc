#include "dissect/rdp/security_header.h"

#include <gtest/gtest.h>

#include "tests/dissect/rdp/golden.h"
#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

using testing::hex;
namespace golden = testing::golden;

SecurityHeader read_non_fips(Cursor& in) {
  return read_security_header(in, EncryptedForm::kNonFips);
}
SecurityHeader read_fips(Cursor& in) {
  return read_security_header(in, EncryptedForm::kFips);
}

TEST(SecurityHeader, IsFourBytesWithoutEncryption) {
  const auto bytes = golden::licence();
  Cursor in{golden::send_data(bytes)};
  const auto header = read_security_header(in, EncryptedForm::kNonFips);
  EXPECT_EQ(header.flags.raw(), 0x0080);
  EXPECT_TRUE(header.flags.has(SecurityFlag::kLicensePkt));
  EXPECT_FALSE(header.encrypted());
  EXPECT_TRUE(header.data_signature.empty());
  EXPECT_EQ(in.offset(), 4U);
}

TEST(SecurityHeader, HasASignatureWithEncryption) {
  const auto bytes = golden::set_error_info();
  Cursor in{golden::send_data(bytes)};
  const auto header = read_security_header(in, EncryptedForm::kNonFips);
  EXPECT_TRUE(header.encrypted());
  ASSERT_EQ(header.data_signature.size(), 8U);
  EXPECT_EQ(header.data_signature[0], std::byte{0x23});
  EXPECT_EQ(in.offset(), 12U);
  testing::expect_reader_laws(golden::send_data(bytes), read_non_fips);
}

TEST(SecurityHeader, HasPaddingAndSignatureWithFips) {
  const auto bytes =
      hex("0800 0000"           // flags, flagsHi
          "1000 01 05"          // length, version, padlen
          "0102030405060708");  // dataSignature
  const auto header = decode(bytes, read_fips);
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(header->fips_padding, 5);
  EXPECT_EQ(header->data_signature[7], std::byte{8});
  testing::expect_reader_laws(bytes, read_fips);
}

TEST(SecurityHeader, NamesTheFieldThatIsMissing) {
  EXPECT_EQ(decode(hex("0800"), read_fips).error().field, "flagsHi");
  EXPECT_EQ(decode(hex("0800 0000 1000 01"), read_fips).error().field, "padlen");
  EXPECT_EQ(decode(hex("0800 0000 01"), read_non_fips).error().field, "dataSignature");
}

}  // namespace
}  // namespace remora::rdp
