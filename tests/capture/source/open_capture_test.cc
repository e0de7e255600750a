#include "capture/source/open_capture.h"

#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tests/capture/source/layout.h"
#include "tests/capture/source/packing.h"
#include "tests/capture/source/reading.h"
#include "tests/support/hex.h"

namespace remora::capture {
namespace {

using testing::gzip;
using testing::hex;
using testing::joined;
using testing::Layout;
using testing::TemporaryDirectory;
using testing::zstd;

const Layout kOnePacket = Layout{}.pcap_header().pcap_record(1, 0, "abc");

/// What is said of a file with these bytes, without its path.
std::string refusal(std::span<const std::byte> bytes) {
  const TemporaryDirectory directory;
  const auto path = directory.write("capture", bytes);
  const auto source = open_capture(path);
  if (source.has_value()) { return "opened"; }
  EXPECT_EQ(source.error().path, path);
  EXPECT_EQ(source.error().to_text(),
            path + ": " + source.error().reason + "; " + source.error().advice);
  return source.error().reason;
}

std::size_t count_frames(const std::string& path) {
  auto source = open_capture(path);
  if (!source.has_value()) {
    ADD_FAILURE() << source.error().to_text();
    return 0;
  }
  return testing::read_all(**source).frames.size();
}

TEST(OpenCapture, KnowsEveryKindByItsContentAndNotByItsName) {
  const TemporaryDirectory directory;
  const auto ng = Layout{}.section().interface().enhanced(0, 0, "abc");
  for (const auto& plain : {kOnePacket.bytes(), ng.bytes()}) {
    EXPECT_EQ(count_frames(directory.write("capture.txt", plain)), 1U);
    EXPECT_EQ(count_frames(directory.write("capture.pcap", gzip(plain))), 1U);
    EXPECT_EQ(count_frames(directory.write("capture.gz", zstd(plain))), 1U);
  }
}

TEST(OpenCapture, SaysThatThereIsNoSuchFile) {
  const TemporaryDirectory directory;
  const auto error = open_capture(directory.path("absent")).error();
  EXPECT_EQ(error.reason, "no such file");
  EXPECT_EQ(error.advice, "check the path");
  const auto file = directory.write("file", hex("00"));
  EXPECT_EQ(open_capture(file + "/below").error().reason, "no such file");
}

TEST(OpenCapture, SaysThatItIsADirectory) {
  const TemporaryDirectory directory;
  EXPECT_EQ(open_capture(directory.path("")).error().reason, "is a directory");
}

TEST(OpenCapture, SaysThatPermissionIsMissing) {
  if (::geteuid() == 0) { GTEST_SKIP() << "root may read everything"; }
  const TemporaryDirectory directory;
  const auto path = directory.write("secret", kOnePacket.bytes());
  ASSERT_EQ(::chmod(path.c_str(), 0), 0);
  EXPECT_EQ(open_capture(path).error().reason, "permission denied");
}

TEST(OpenCapture, SaysWhatTheFileIsInstead) {
  EXPECT_EQ(refusal({}), "empty file");
  EXPECT_EQ(refusal(as_bytes("#!/bin/sh\necho")), "not a capture file: starts with \"#!/bin/sh\"");
  EXPECT_EQ(refusal(as_bytes("x")), "not a capture file: starts with 78");
  EXPECT_EQ(refusal(hex("7f45 4c46 0201 0100 0000")),
            "not a capture file: starts with 7f 45 4c 46 02 01 01 00");
  EXPECT_EQ(refusal(gzip(as_bytes("hello world"))),
            "not a capture file: starts with \"hello world\"");
  EXPECT_EQ(refusal(gzip({})), "empty file");
}

TEST(OpenCapture, NamesFormatsThatOthersRead) {
  EXPECT_EQ(refusal(hex("736e6f6f70000000 00000002 00000004")), "a Solaris snoop capture");
  EXPECT_EQ(refusal(hex("474d4255 0002 0001")), "a Microsoft Network Monitor 2 capture");
  EXPECT_EQ(refusal(hex("52545353 0101")), "a Microsoft Network Monitor 1 capture");
  EXPECT_EQ(refusal(as_bytes("TRSNIFF data    \x1a")), "a DOS Sniffer capture");
  EXPECT_EQ(refusal(hex("58435000 30303230")), "a Windows Sniffer capture");
  EXPECT_EQ(refusal(hex("fd377a585a00")), "compressed by xz");
  EXPECT_EQ(refusal(hex("504b0304")), "a zip archive");
  EXPECT_EQ(refusal(gzip(gzip(kOnePacket.bytes()))), "compressed twice");

  const TemporaryDirectory directory;
  EXPECT_EQ(open_capture(directory.write("x", hex("474d4255"))).error().advice,
            "convert it with: editcap -F pcapng <file> <new file>");
}

TEST(OpenCapture, SaysThatAFileHeaderIsCutOrUnknown) {
  EXPECT_EQ(refusal(std::span{kOnePacket.bytes()}.first(10)),
            "the file ends inside the pcap file header: 10 of 24 bytes");
  EXPECT_EQ(refusal(std::span{Layout{}.section().bytes()}.first(20)),
            "the file ends inside a block: 20 of 28 bytes");
  EXPECT_EQ(refusal(Layout{}.section(7).bytes()), "unknown pcapng version 7.0");
}

TEST(OpenCapture, SaysThatCompressedDataAreDamaged) {
  EXPECT_EQ(refusal(hex("1f8b ffff ffff ffff ffff")),
            "damaged gzip data near byte 4 of the compressed file: unknown compression method");
  EXPECT_EQ(refusal(hex("1f8b08")), "the gzip data end too early");
}

TEST(OpenCapture, ACutCompressedFileGivesWhatItHolds) {
  auto layout = Layout{}.pcap_header();
  for (std::uint32_t i = 0; i < 1000; ++i) {
    layout.pcap_record(i, i * 7919 % 1'000'000, "abcdef");
  }
  const TemporaryDirectory directory;
  for (const auto& packed : {gzip(layout.bytes())}) {
    const auto path = directory.write("cut", std::span{packed}.first(packed.size() / 2));
    auto source = open_capture(path);
    ASSERT_TRUE(source.has_value());
    const auto reading = testing::read_all(**source);
    EXPECT_GT(reading.frames.size(), 100U);
    EXPECT_LT(reading.frames.size(), 1000U);
    EXPECT_EQ(reading.end, ReadStatus::kTruncated);
    EXPECT_EQ(reading.error.reason, "the gzip data end too early");
  }
}

TEST(OpenCapture, JunkBehindCompressedDataIsToldAfterTheFrames) {
  const TemporaryDirectory directory;
  auto source =
      open_capture(directory.write("junk", joined(gzip(kOnePacket.bytes()), hex("6a756e6b"))));
  ASSERT_TRUE(source.has_value());
  const auto reading = testing::read_all(**source);
  EXPECT_EQ(reading.frames.size(), 1U);
  EXPECT_EQ(reading.end, ReadStatus::kFailed);
  EXPECT_NE(reading.error.reason.find("something else follows"), std::string::npos);
}

TEST(OpenCapture, ReadsTheStandardInputAndLeavesItOpen) {
  const TemporaryDirectory directory;
  const auto path = directory.write("input", gzip(kOnePacket.bytes()));
  const int saved = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_EQ(::dup2(file, STDIN_FILENO), STDIN_FILENO);
  EXPECT_EQ(count_frames("-"), 1U);
  EXPECT_NE(::fcntl(STDIN_FILENO, F_GETFD), -1);
  ::dup2(saved, STDIN_FILENO);
  ::close(saved);
  ::close(file);
}

TEST(OpenCapture, ReadsAPipeWhileItIsWritten) {
  const TemporaryDirectory directory;
  const auto path = directory.path("pipe");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const int writer = ::open(path.c_str(), O_RDWR | O_CLOEXEC);  // opens at once, unlike O_WRONLY
  const auto& bytes = kOnePacket.bytes();
  ASSERT_EQ(::write(writer, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  auto source = open_capture(path);
  ASSERT_TRUE(source.has_value());
  Frame frame;
  EXPECT_EQ((*source)->next(frame), ReadStatus::kFrame) << "waits for bytes it does not need";
  ::close(writer);
  EXPECT_EQ((*source)->next(frame), ReadStatus::kEnd);
}

TEST(OpenCapture, AFileThatShrinksWhileItIsReadEndsEarly) {
  auto layout = Layout{}.pcap_header();
  const std::string frame_bytes(100'000, 'x');
  for (std::uint32_t i = 0; i < 20; ++i) { layout.pcap_record(i, 0, frame_bytes); }
  const TemporaryDirectory directory;
  const auto path = directory.write("shrinking", layout.bytes());
  auto source = open_capture(path);
  ASSERT_TRUE(source.has_value());
  Frame frame;
  ASSERT_EQ((*source)->next(frame), ReadStatus::kFrame);
  std::filesystem::resize_file(path, 30);
  ReadStatus status{};
  while ((status = (*source)->next(frame)) == ReadStatus::kFrame) {}
  EXPECT_EQ(status, ReadStatus::kTruncated);
}

}  // namespace
}  // namespace remora::capture
