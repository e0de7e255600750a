#include "dissect/drives/announcements.h"

#include <string>

#include <gtest/gtest.h>

#include "dissect/drives/devices.h"
#include "tests/support/channel_talk.h"
#include "tests/support/hex.h"

namespace remora::drives {
namespace {

using testing::operator+;
using testing::hex;
using testing::text;
using testing::u32;

TEST(Announcements, ReadTheNameOfTheClient) {
  // [MS-RDPEFS] 4.5.
  const auto message = hex(
      "7244 4e43 01000000 00000000 1e000000 5400 5300 4400 4500 5600 2d00 5300 4500 4c00 4600 4800"
      "4f00 5300 5400 0000");
  Cursor in{message};
  const auto header = read_header(in);
  EXPECT_EQ(header.component, kCore);
  EXPECT_EQ(header.packet, PacketId::kClientName);
  EXPECT_EQ(read_client_name(in), "TSDEV-SELFHOST");
  EXPECT_TRUE(in.ok());
}

TEST(Announcements, ReadANameInEightBits) {
  const auto body = hex("00000000 00000000 05000000") + text(std::string_view{"PC-7\0", 5});
  EXPECT_EQ(decode(body, read_client_name).value(), "PC-7");
}

TEST(Announcements, ReadTheDevices) {
  // 4.10.
  const auto message =
      hex("03000000 08000000 03000000 453a000000000000 00000000 08000000 02000000 443a000000000000"
          "00000000 08000000 01000000 433a000000000000 00000000");
  const auto devices = decode(message, read_devices).value();
  ASSERT_EQ(devices.size(), 3U);
  EXPECT_EQ(devices[0].name, "E:");
  EXPECT_EQ(devices[0].id, 3U);
  EXPECT_TRUE(devices[0].is_drive);
  EXPECT_EQ(devices[2].name, "C:");
}

std::string name_of(const testing::Bytes& data, std::uint32_t type = 8) {
  const auto message = u32(1) + u32(type) + u32(1) + text(std::string_view{"PROJEC~\0", 8}) +
                       u32(data.size()) + data;
  return decode(message, read_devices).value().at(0).name;
}

TEST(Announcements, PreferTheFullNameOfADrive) {
  EXPECT_EQ(name_of({}), "PROJEC~");
  EXPECT_EQ(name_of(testing::utf16z("Projects")), "Projects");              // 2.2.3.1
  EXPECT_EQ(name_of(text(std::string_view{"Projects\0", 9})), "Projects");  // rdesktop
  EXPECT_EQ(name_of(text(std::string_view{"usb\0", 4})), "usb");
  EXPECT_EQ(name_of(testing::utf16z("a printer's"), 4), "PROJEC~");
}

TEST(Announcements, FailWhereTheyAreCut) {
  EXPECT_FALSE(decode(hex("02000000 08000000 03000000 453a00000000"), read_devices).has_value());
  EXPECT_FALSE(decode(hex("01000000 00000000 ffffffff 4100"), read_client_name).has_value());
  EXPECT_FALSE(decode(hex("02000000 01000000"), read_removed).has_value());
  // 4.11.
  EXPECT_EQ(decode(hex("01000000 01000000"), read_removed).value(), std::vector<std::uint32_t>{1});
}

TEST(Devices, GiveFilesTheirFullNames) {
  Devices devices;
  devices.add(
      {{.id = 1, .is_drive = true, .name = "C:"}, {.id = 2, .is_drive = false, .name = "P"}});
  EXPECT_EQ(devices.full_name(1, "\\a\\b.txt"), "C:\\a\\b.txt");
  EXPECT_EQ(devices.full_name(1, "b.txt"), "C:\\b.txt");
  EXPECT_EQ(devices.full_name(9, "\\b.txt"), "\\b.txt");
  EXPECT_TRUE(devices.is_drive(1));
  EXPECT_FALSE(devices.may_be_drive(2));
  EXPECT_TRUE(devices.may_be_drive(9));
  EXPECT_FALSE(devices.is_drive(9));
  devices.remove(1);
  EXPECT_FALSE(devices.is_drive(1));
  // An id is used again, 2.2.1.3.
  devices.add({{.id = 2, .is_drive = true, .name = "D:"}});
  EXPECT_EQ(devices.full_name(2, "\\x"), "D:\\x");
}

}  // namespace
}  // namespace remora::drives
