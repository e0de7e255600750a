#include "dissect/rdp/gcc/client_core.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/hex.h"
#include "tests/support/laws.h"

namespace remora::rdp {
namespace {

using testing::hex;

/// So many zero bytes in hexadecimal.
std::string zeros(std::size_t bytes) {
  std::string digits;
  digits.append(2 * bytes, '0');
  return digits;
}

const std::string kFixedPart =
    "04000800 0005 d002 01ca 03aa"  // version, width, height, colorDepth, SASSequence
    "09040000 280a0000"             // keyboardLayout, clientBuild
    "5700 5300 3100" +
    zeros(26) +                     // clientName "WS1"
    "04000000 01000000 0c000000" +  // keyboardType, keyboardSubType, keyboardFunctionKey
    "4900" + zeros(62);             // imeFileName "I"
const std::string kTail =
    "03ca 0100 07000000"  // postBeta2ColorDepth, clientProductId, serialNumber
    "1800 0f00 2200"      // highColorDepth, supportedColorDepths, early flags
    "3600 3900" +
    zeros(60) +               // clientDigProductId "69"
    "06 00 01000000"          // connectionType, pad1octet, serverSelectedProtocol
    "fc010000 1f010000 5a00"  // physical width and height, orientation
    "7d000000 8c000000";      // desktopScaleFactor, deviceScaleFactor

ClientCore core_of(const std::string& text) {
  return decode(hex(text), read_client_core).value();
}

TEST(ClientCore, ReadsTheFixedPart) {
  const auto core = core_of(kFixedPart);
  EXPECT_EQ(core.version, 0x80004U);
  EXPECT_EQ(core.desktop_width, 1280);
  EXPECT_EQ(core.desktop_height, 720);
  EXPECT_EQ(core.color_depth, 0xca01);
  EXPECT_EQ(core.sas_sequence, 0xaa03);
  EXPECT_EQ(core.keyboard_layout, 0x409U);
  EXPECT_EQ(core.client_build, 2600U);
  EXPECT_EQ(core.client_name, "WS1");
  EXPECT_EQ(core.keyboard_type, 4U);
  EXPECT_EQ(core.keyboard_sub_type, 1U);
  EXPECT_EQ(core.keyboard_function_key, 12U);
  EXPECT_EQ(core.ime_file_name, "I");
  EXPECT_FALSE(core.post_beta2_color_depth.has_value());
  EXPECT_FALSE(core.device_scale_factor.has_value());
}

TEST(ClientCore, ReadsEveryOptionalField) {
  const auto core = core_of(kFixedPart + kTail);
  EXPECT_EQ(core.post_beta2_color_depth, 0xca03);
  EXPECT_EQ(core.client_product_id, 1);
  EXPECT_EQ(core.serial_number, 7U);
  EXPECT_EQ(core.high_color_depth, 24);
  EXPECT_EQ(core.supported_color_depths, 15);
  EXPECT_EQ(core.early_capability_flags, 0x22);
  EXPECT_EQ(core.client_dig_product_id, "69");
  EXPECT_EQ(core.connection_type, 6);
  EXPECT_EQ(core.server_selected_protocol, 1U);
  EXPECT_EQ(core.desktop_physical_width, 508U);
  EXPECT_EQ(core.desktop_physical_height, 287U);
  EXPECT_EQ(core.desktop_orientation, 90);
  EXPECT_EQ(core.desktop_scale_factor, 125U);
  EXPECT_EQ(core.device_scale_factor, 140U);
}

TEST(ClientCore, ReadsATailThatEndsInsideAFieldUpToTheFieldBefore) {
  const auto cut = core_of(kFixedPart + "03ca 0100 070000");
  EXPECT_EQ(cut.client_product_id, 1);
  EXPECT_FALSE(cut.serial_number.has_value());
  const auto in_product_id = core_of(kFixedPart + "03ca 0100 07000000 1800 0f00 2200 3600 39");
  EXPECT_EQ(in_product_id.early_capability_flags, 0x22);
  EXPECT_FALSE(in_product_id.client_dig_product_id.has_value());
  EXPECT_FALSE(in_product_id.connection_type.has_value());
}

TEST(ClientCore, IgnoresBytesBehindTheLastField) {
  EXPECT_EQ(core_of(kFixedPart + kTail + "ffffff").device_scale_factor, 140U);
}

TEST(ClientCore, ObeysTheReaderLaws) {
  testing::expect_reader_laws(hex(kFixedPart + kTail), read_client_core);
}

TEST(ClientCore, NamesTheFieldThatIsMissing) {
  EXPECT_EQ(decode(hex("04000800 0005"), read_client_core).error().field, "desktopHeight");
  auto cut = hex(kFixedPart);
  cut.resize(30);
  EXPECT_EQ(decode(cut, read_client_core).error().to_text(), "clientName at 20: 10 of 32 bytes");
}

TEST(BitsPerPixel, ComesFromTheLatestFieldPresent) {
  auto core = core_of(kFixedPart);
  EXPECT_EQ(bits_per_pixel(core), 8);
  core.post_beta2_color_depth = 0xca02;
  EXPECT_EQ(bits_per_pixel(core), 15);
  core.high_color_depth = 24;
  EXPECT_EQ(bits_per_pixel(core), 24);
}

TEST(BitsPerPixel, Is32WhereTheClientWantsAndSupportsIt) {
  auto core = core_of(kFixedPart + kTail);
  EXPECT_EQ(bits_per_pixel(core), 32);
  core.supported_color_depths = 7;
  EXPECT_EQ(bits_per_pixel(core), 24);
  core.supported_color_depths = 15;
  core.early_capability_flags = 0x20;
  EXPECT_EQ(bits_per_pixel(core), 24);
}

TEST(BitsPerPixel, IsEmptyForAValueOutsideTheTable) {
  auto core = core_of(kFixedPart);
  core.color_depth = 8;
  EXPECT_FALSE(bits_per_pixel(core).has_value());
}

}  // namespace
}  // namespace remora::rdp
