// The same conversation brought by other segments is the same session: however its bytes were cut,
// repeated, delayed or sent with overlaps.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/daemon/pipeline/made_segments.h"
#include "tests/support/replay.h"

namespace remora {
namespace {

using testing::conversation;
using testing::facts;
using testing::kIpHeaderAt;
using testing::kIpHeaderBytes;
using testing::kIpLengthAt;
using testing::kTcpAt;
using testing::Original;
using testing::OwnedFrame;
using testing::put_u16be;

/// The frame's datagram in IPv4 fragments of `bytes` payload bytes each (RFC 791 2.3).
std::vector<OwnedFrame> fragments_of(const OwnedFrame& whole, std::size_t bytes,
                                     std::size_t identification) {
  std::vector<OwnedFrame> fragments;
  const auto header_end = whole.bytes.begin() + kTcpAt;
  const std::size_t total =
      to_u8(whole.bytes[kIpLengthAt]) * 256U + to_u8(whole.bytes[kIpLengthAt + 1]);
  const auto payload = total - kIpHeaderBytes;
  for (std::size_t offset = 0; offset < payload; offset += bytes) {
    const auto size = std::min(bytes, payload - offset);
    auto& fragment = fragments.emplace_back(whole);
    fragment.bytes.assign(whole.bytes.begin(), header_end);
    const auto from = header_end + static_cast<std::ptrdiff_t>(offset);
    fragment.bytes.insert(fragment.bytes.end(), from, from + static_cast<std::ptrdiff_t>(size));
    put_u16be(fragment.bytes, kIpLengthAt, kIpHeaderBytes + size);
    put_u16be(fragment.bytes, kIpHeaderAt + 4, identification);
    const std::size_t more = offset + size < payload ? 0x2000 : 0;
    put_u16be(fragment.bytes, kIpHeaderAt + 6, more | offset / 8);
    testing::put_ip_checksum(fragment.bytes);
    fragment.frame.wire_bytes = static_cast<std::uint32_t>(fragment.bytes.size());
  }
  return fragments;
}

/// Bytes [from, until) of the payload of an original.
struct Segment {
  const Original* of;
  std::size_t from;
  std::size_t until;
};
using Segments = std::vector<Segment>;

OwnedFrame to_frame(const Segment& segment) {
  const auto& original = *segment.of;
  if (original.payload_bytes == 0) { return original.frame; }
  const auto payload = std::span{original.frame.bytes}.subspan(original.payload_at);
  return testing::with_payload(original,
                               original.sequence + static_cast<std::uint32_t>(segment.from),
                               payload.subspan(segment.from, segment.until - segment.from));
}

class Schedule : public ::testing::TestWithParam<const char*> {
 protected:
  using Random = std::mt19937;

  /// Cuts each payload into pieces of the sizes that `next_size` gives.
  [[nodiscard]] std::vector<Segments> cut(const std::function<std::size_t()>& next_size) const {
    std::vector<Segments> schedule;
    for (const auto& original : originals_) {
      auto& pieces = schedule.emplace_back();
      std::size_t from = 0;
      do {
        const auto until = std::min(original.payload_bytes, from + next_size());
        pieces.push_back({.of = &original, .from = from, .until = until});
        from = until;
      } while (from < original.payload_bytes);
    }
    return schedule;
  }

  static std::string facts_of(const std::vector<Segments>& schedule) {
    std::vector<OwnedFrame> frames;
    for (const auto& pieces : schedule) {
      for (const auto& piece : pieces) {
        frames.push_back(to_frame(piece));
        frames.back().frame.at.frame = FrameNumber{frames.size()};
      }
    }
    return facts(frames);
  }

  static std::size_t any_of(Random& random, std::size_t least, std::size_t most) {
    return std::uniform_int_distribution<std::size_t>{least, most}(random);
  }

  /// Any of the last pieces comes once more.
  static void repeat(Segments& pieces, Random& random) {
    for (std::size_t at = 1; at <= pieces.size(); at += 1 + any_of(random, 1, 4)) {
      const auto which = at - 1 - any_of(random, 0, std::min<std::size_t>(at - 1, 3));
      const auto again = pieces.at(which);
      pieces.insert(pieces.begin() + static_cast<std::ptrdiff_t>(at), again);
    }
  }

  static void shuffle(Segments& pieces, std::size_t window, Random& random) {
    for (std::size_t at = 0; at < pieces.size(); at += window) {
      const auto first = pieces.begin() + static_cast<std::ptrdiff_t>(at);
      const auto count = std::min(window, pieces.size() - at);
      std::shuffle(first, first + static_cast<std::ptrdiff_t>(count), random);
    }
  }

  static void overlap(Segments& pieces, std::size_t most, Random& random) {
    for (auto& piece : pieces) {
      piece.from -= any_of(random, 0, std::min(piece.from, most));
      piece.until = std::min(piece.of->payload_bytes, piece.until + any_of(random, 0, most));
    }
  }

  std::vector<Original> originals_{conversation(testing::bundled_capture(GetParam()))};
  std::string expected_{facts_of(cut([] { return std::size_t{65535}; }))};
};

TEST_P(Schedule, IsReadAtAll) {
  EXPECT_NE(expected_.find("session_closed"), std::string::npos) << expected_;
  EXPECT_NE(expected_.find("ESTABLISHED"), std::string::npos) << expected_;
  EXPECT_EQ(expected_.find("gap_bytes"), std::string::npos) << expected_;
}

TEST_P(Schedule, OfSegmentsOfAnySize) {
  for (std::size_t size = 1; size <= 1460; size += 1 + size / 8) {
    EXPECT_EQ(facts_of(cut([size] { return size; })), expected_) << "segments of " << size;
  }
}

TEST_P(Schedule, WithEverySegmentTwice) {
  for (const std::size_t size : {5U, 65535U}) {
    auto schedule = cut([size] { return size; });
    for (auto& pieces : schedule) {
      for (std::size_t at = 0; at < pieces.size(); at += 2) {
        const auto again = pieces[at];
        pieces.insert(pieces.begin() + static_cast<std::ptrdiff_t>(at), again);
      }
    }
    EXPECT_EQ(facts_of(schedule), expected_) << "segments of " << size;
  }
}

TEST_P(Schedule, OutOfOrderWithinAWindow) {
  Random random{1};
  for (const std::size_t window : {2U, 3U, 5U, 12U}) {
    for (const std::size_t size : {1U, 4U, 30U, 200U}) {
      auto schedule = cut([size] { return size; });
      for (auto& pieces : schedule) { shuffle(pieces, window, random); }
      EXPECT_EQ(facts_of(schedule), expected_) << "window " << window << ", segments of " << size;
    }
  }
}

TEST_P(Schedule, WithOverlaps) {
  Random random{2};
  for (const std::size_t most : {1U, 3U, 20U, 300U}) {
    auto schedule = cut([&] { return any_of(random, 1, 60); });
    for (auto& pieces : schedule) { overlap(pieces, most, random); }
    EXPECT_EQ(facts_of(schedule), expected_) << "overlaps of up to " << most;
  }
}

TEST_P(Schedule, InFragmentsOfAnyOrder) {
  Random random{3};
  for (unsigned round = 0; round < 10; ++round) {
    const auto size = any_of(random, 20, 1460);
    std::vector<OwnedFrame> frames;
    for (const auto& pieces : cut([size] { return size; })) {
      for (const auto& piece : pieces) {
        auto fragments = fragments_of(to_frame(piece), any_of(random, 1, 30) * 8, frames.size());
        if (fragments.size() > 1 && any_of(random, 0, 3) == 0) {
          fragments.push_back(fragments[any_of(random, 0, fragments.size() - 2)]);
          std::swap(fragments.back(), fragments[fragments.size() - 2]);
        } else {
          std::shuffle(fragments.begin(), fragments.end(), random);
        }
        for (auto& fragment : fragments) {
          fragment.frame.at.frame = FrameNumber{frames.size() + 1};
          frames.push_back(std::move(fragment));
        }
      }
    }
    EXPECT_EQ(facts(frames), expected_) << "round " << round;
  }
}

TEST_P(Schedule, OfAllThisAtOnce) {
  for (unsigned seed = 1; seed <= 50; ++seed) {
    Random random{seed};
    const auto most = any_of(random, 1, 300);
    auto schedule = cut([&] { return any_of(random, 1, most); });
    for (auto& pieces : schedule) {
      overlap(pieces, any_of(random, 0, 40), random);
      repeat(pieces, random);
      shuffle(pieces, any_of(random, 1, 12), random);
    }
    ASSERT_EQ(facts_of(schedule), expected_) << "seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(Of, Schedule,
                         ::testing::Values("rdp/standard-low.pcap", "rdp/every-setting.pcap",
                                           "rdp/tls12-nla.pcap", "rdp/tls13.pcap",
                                           "reverse/reverse-tls.pcap"));

}  // namespace
}  // namespace remora
