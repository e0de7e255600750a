// Frame counts of every capture of the shared collection against what TShark and capinfos 4.0.17
// counted. Runs only where the collection is (below REMORA_SHARED, or beside the project).
//
// Where the manifest has no count, TShark could not give one, and these are the reasons:
//
//   file                                     TShark                              we       who is
//   right linktype-reserved-field-not-zero.pcap    refuses the reserved bits           0 both: no
//   record pcap-invalid-version-1.pcap              refuses version 1.4                 refused
//   same pcapng-invalid-vers-1.pcapng             refuses version 0.1                 refused  same
//   bug-6875-01__fuzz.pcap                   2 and damage: after the damage it   1 and    we, with
//                                            guesses another record format and   damage   libpcap
//                                            gives a frame of 1 byte in 1925
//   frf16, vtp_asan*, juniper_*, hoobr_      refuses link types 164, 182, 281,   their    we:
//   libpcap juniper3, brcm-tag*, dsa* (11 files)     282, 284 and checksum-size bits     records
//   counts the same
//
// The manifest counts packets as capinfos does. In three files custom blocks stand between them,
// which TShark numbers as frames; our frame numbers are TShark's.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "capture/source/open_capture.h"
#include "tests/capture/source/reading.h"

namespace remora::capture {
namespace {

/// Counts that the manifest leaves open; -1: does not open.
const std::map<std::string, int> kCountsOfOurOwn{
    {"containers/libpcap__linktype-reserved-field-not-zero.pcap", 0},
    {"containers/libpcap__pcap-invalid-version-1.pcap", -1},
    {"containers/libpcap__pcapng-invalid-vers-1.pcapng", -1},
    {"malformed-fuzz/suricata-verify__bug-6875-01__fuzz.pcap", 1},
    {"malformed-fuzz/tcpdump__frf16_magic_ie-oobr.pcap", 1},
    {"malformed-fuzz/tcpdump__hoobr_juniper3.pcap", 1},
    {"malformed-fuzz/tcpdump__juniper_es_oobr.pcap", 1},
    {"malformed-fuzz/tcpdump__juniper_monitor_invalid_cookie_length.pcap", 1},
    {"malformed-fuzz/tcpdump__vtp_asan-2.pcap", 1},
    {"malformed-fuzz/tcpdump__vtp_asan-3.pcap", 1},
    {"malformed-fuzz/tcpdump__vtp_asan.pcap", 5},
    {"tunnels/tcpdump__brcm-tag-prepend.pcap", 15},
    {"tunnels/tcpdump__brcm-tag.pcap", 23},
    {"tunnels/tcpdump__dsa-high-vid.pcap", 4},
    {"tunnels/tcpdump__dsa.pcap", 8},
};

/// Frame number of the last packet where it is not the count of packets.
const std::map<std::string, std::uint64_t> kLastNumbers{
    {"containers/gopacket__tests_be_test018.pcapng", 7},
    {"containers/gopacket__tests_be_test202.pcapng", 11},
    {"containers/gopacket__tests_le_test018.pcapng", 7},
};

struct Count {
  int frames{-1};  ///< -1: does not open
  std::uint64_t last_number{0};
};

Count count_frames(const std::string& path) {
  auto source = open_capture(path);
  if (!source.has_value()) { return {}; }
  Frame frame;
  Count count{.frames = 0};
  while ((*source)->next(frame) == ReadStatus::kFrame) { ++count.frames; }
  count.last_number = to_number(frame.at.frame);
  return count;
}

TEST(RealCaptures, HaveTheFramesThatOthersCount) {
  const char* given = std::getenv("REMORA_SHARED");
  const auto shared = std::filesystem::path{given != nullptr ? given : REMORA_SHARED_DEFAULT};
  const auto root = shared / "pcaps" / "real";
  std::ifstream manifest{root / "MANIFEST.tsv"};
  if (!manifest) { GTEST_SKIP() << "no collection at " << root; }

  constexpr std::size_t kPackets = 6;
  std::string line;
  std::getline(manifest, line);  // the names of the columns
  int compared = 0;
  while (std::getline(manifest, line)) {
    std::istringstream row{line};
    std::vector<std::string> cells;
    for (std::string cell; std::getline(row, cell, '\t');) { cells.push_back(cell); }
    ASSERT_GT(cells.size(), kPackets);
    const auto& file = cells.front();
    if (file.starts_with("remote-assistance-tickets/")) { continue; }
    const auto own = kCountsOfOurOwn.find(file);
    if (cells[kPackets].empty()) { ASSERT_NE(own, kCountsOfOurOwn.end()) << file; }
    const int expected = own != kCountsOfOurOwn.end() ? own->second : std::stoi(cells[kPackets]);
    const auto count = count_frames((root / file).string());
    EXPECT_EQ(count.frames, expected) << file;
    const auto last = kLastNumbers.find(file);
    EXPECT_EQ(count.last_number, last != kLastNumbers.end()
                                     ? last->second
                                     : static_cast<std::uint64_t>(std::max(count.frames, 0)))
        << file;
    ++compared;
  }
  EXPECT_GT(compared, 1000);
}

}  // namespace
}  // namespace remora::capture
