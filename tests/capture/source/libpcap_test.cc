// The same files, read by libpcap and by us, must give the same frames.
#include <array>
#include <random>

#include <gtest/gtest.h>
#include <pcap/pcap.h>

#include "capture/source/open_capture.h"
#include "tests/capture/source/layout.h"
#include "tests/capture/source/packing.h"
#include "tests/capture/source/reading.h"

namespace remora::capture {
namespace {

using testing::KeptFrame;
using testing::Layout;

std::vector<KeptFrame> read_with_libpcap(const std::string& path) {
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  auto* file = pcap_open_offline_with_tstamp_precision(path.c_str(), PCAP_TSTAMP_PRECISION_NANO,
                                                       error.data());
  EXPECT_NE(file, nullptr) << error.data();
  std::vector<KeptFrame> frames;
  if (file == nullptr) { return frames; }
  pcap_pkthdr* header = nullptr;
  const u_char* data = nullptr;
  while (pcap_next_ex(file, &header, &data) == 1) {
    const auto time = std::chrono::seconds{header->ts.tv_sec} + Nanoseconds{header->ts.tv_usec};
    frames.push_back({{Moment{time}, FrameNumber{frames.size() + 1}},
                      LinkType{static_cast<std::uint32_t>(pcap_datalink(file))},
                      std::string(reinterpret_cast<const char*>(data), header->caplen),
                      header->len});
  }
  pcap_close(file);
  return frames;
}

std::vector<KeptFrame> read_with_remora(const std::string& path) {
  auto source = open_capture(path);
  EXPECT_TRUE(source.has_value()) << source.error().to_text();
  if (!source.has_value()) { return {}; }
  auto reading = testing::read_all(**source);
  EXPECT_EQ(reading.end, ReadStatus::kEnd) << reading.error.to_text();
  return reading.frames;
}

/// Frames of many sizes, some of the largest, so that records cross the buffer's end everywhere.
std::vector<std::string> frames() {
  std::mt19937 random{20260729};
  std::vector<std::string> frames;
  for (int i = 0; i < 2000; ++i) {
    const auto size = i % 400 == 7 ? 262'144U : random() % (i % 10 == 0 ? 9000 : 200);
    frames.emplace_back(size, static_cast<char>(random()));
  }
  return frames;
}

Layout pcap(std::endian order, std::uint32_t magic) {
  auto layout = Layout{order}.pcap_header(magic);
  std::uint32_t number = 0;
  for (const auto& frame : frames()) {
    ++number;
    layout.pcap_record(1'700'000'000 + number, number * 100, frame,
                       static_cast<std::uint32_t>(frame.size()) + number % 3 + 1);
  }
  return layout;
}

TEST(Libpcap, AgreesOnPcapOfBothByteOrdersAndBothTimeUnits) {
  const testing::TemporaryDirectory directory;
  for (const auto order : {std::endian::little, std::endian::big}) {
    for (const auto magic : {0xa1b2c3d4U, 0xa1b23c4dU}) {
      const auto path = directory.write("file.pcap", pcap(order, magic).bytes());
      const auto expected = read_with_libpcap(path);
      ASSERT_EQ(expected.size(), 2000U);
      EXPECT_TRUE(read_with_remora(path) == expected);
    }
  }
}

TEST(Libpcap, AgreesOnPcapng) {
  for (const auto order : {std::endian::little, std::endian::big}) {
    auto layout = Layout{order}.section().interface(1);
    std::uint64_t time = 1'700'000'000'000'000;
    for (const auto& frame : frames()) { layout.enhanced(0, time += 999'983, frame); }
    const testing::TemporaryDirectory directory;
    const auto path = directory.write("file.pcapng", layout.bytes());
    const auto expected = read_with_libpcap(path);
    ASSERT_EQ(expected.size(), 2000U);
    EXPECT_TRUE(read_with_remora(path) == expected);
  }
}

TEST(Libpcap, ReadsPlainWhatWeReadCompressed) {
  const testing::TemporaryDirectory directory;
  const auto plain = pcap(std::endian::little, 0xa1b2c3d4);
  const auto expected = read_with_libpcap(directory.write("plain", plain.bytes()));
  const auto half = std::span{plain.bytes()}.first(plain.size() / 2);
  const auto rest = std::span{plain.bytes()}.subspan(plain.size() / 2);
  EXPECT_TRUE(read_with_remora(directory.write("a", testing::gzip(plain.bytes()))) == expected);
  EXPECT_TRUE(read_with_remora(directory.write("b", testing::zstd(plain.bytes()))) == expected);
  EXPECT_TRUE(read_with_remora(directory.write(
                  "c", testing::joined(testing::gzip(half), testing::gzip(rest)))) == expected);
  EXPECT_TRUE(read_with_remora(directory.write(
                  "d", testing::joined(testing::zstd(half), testing::zstd(rest)))) == expected);
}

}  // namespace
}  // namespace remora::capture
