// The same over whole directions: what one side sends before the other answers is one stream, cut
// anywhere, lost and sent again after what came later, overlapping the segments before and behind.

#include <algorithm>
#include <cstddef>
#include <cstdint>
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
using testing::Original;
using testing::OwnedFrame;

/// What one side sends without an answer: data of one original after the other, and what has none.
struct Flight {
  const Original* first{nullptr};  ///< with data; the others' are cut from its frame
  std::vector<std::byte> bytes;
  std::vector<const Original*> rest;  ///< acknowledgements, SYN, FIN: they come behind the data
};

struct Part {
  std::size_t from;
  std::size_t until;
};

std::vector<Flight> flights_of(const std::vector<Original>& originals) {
  std::vector<Flight> flights(1);
  for (const auto& original : originals) {
    auto* flight = &flights.back();
    if (original.payload_bytes == 0) {
      flight->rest.push_back(&original);
      continue;
    }
    // Numbers that do not follow: a SYN or FIN lies between.
    const bool goes_on =
        flight->first != nullptr && flight->first->from_client == original.from_client &&
        flight->first->sequence + static_cast<std::uint32_t>(flight->bytes.size()) ==
            original.sequence;
    if (!goes_on) {
      flight = &flights.emplace_back();
      flight->first = &original;
    }
    const auto payload =
        std::span{original.frame.bytes}.subspan(original.payload_at, original.payload_bytes);
    flight->bytes.insert(flight->bytes.end(), payload.begin(), payload.end());
  }
  return flights;
}

class Directions : public ::testing::TestWithParam<const char*> {
 protected:
  using Random = std::mt19937;

  static std::size_t any_of(Random& random, std::size_t least, std::size_t most) {
    return std::uniform_int_distribution<std::size_t>{least, most}(random);
  }

  static std::vector<Part> cut(std::size_t size, std::size_t most, Random& random) {
    std::vector<Part> parts;
    for (std::size_t from = 0; from < size;) {
      const auto until = std::min(size, from + any_of(random, 1, most));
      parts.push_back({.from = from, .until = until});
      from = until;
    }
    return parts;
  }

  /// Some are lost, and sent again after up to `later` others.
  static void lose(std::vector<Part>& parts, std::size_t later, Random& random) {
    for (std::size_t at = 0; at + 1 < parts.size(); ++at) {
      if (any_of(random, 0, 3) != 0) { continue; }
      const auto to = std::min(parts.size() - 1, at + any_of(random, 1, later));
      const auto begin = parts.begin();
      std::rotate(begin + static_cast<std::ptrdiff_t>(at),
                  begin + static_cast<std::ptrdiff_t>(at) + 1,
                  begin + static_cast<std::ptrdiff_t>(to) + 1);
    }
  }

  /// The sender's timer runs out: all from here on comes again.
  static void go_back(std::vector<Part>& parts, Random& random) {
    const auto from = any_of(random, 0, parts.size() - 1);
    const std::vector<Part> again(parts.begin() + static_cast<std::ptrdiff_t>(from), parts.end());
    parts.insert(parts.end(), again.begin(), again.end());
  }

  static void overlap(std::vector<Part>& parts, std::size_t size, std::size_t most,
                      Random& random) {
    for (auto& part : parts) {
      part.from -= any_of(random, 0, std::min(part.from, most));
      part.until = std::min(size, part.until + any_of(random, 0, most));
    }
  }

  template <typename Change>
  [[nodiscard]] std::string facts_of(std::size_t most, Random& random, Change change) const {
    std::vector<OwnedFrame> frames;
    for (const auto& flight : flights_) {
      auto parts = cut(flight.bytes.size(), most, random);
      if (!parts.empty()) { change(parts, flight.bytes.size()); }
      for (const auto& part : parts) {
        const auto sequence = flight.first->sequence + static_cast<std::uint32_t>(part.from);
        frames.push_back(testing::with_payload(
            *flight.first, sequence,
            std::span{flight.bytes}.subspan(part.from, part.until - part.from)));
      }
      for (const auto* original : flight.rest) { frames.push_back(original->frame); }
    }
    for (std::size_t at = 0; at < frames.size(); ++at) {
      frames[at].frame.at.frame = FrameNumber{at + 1};
    }
    return facts(frames);
  }

  std::vector<Original> originals_{conversation(testing::bundled_capture(GetParam()))};
  std::vector<Flight> flights_{flights_of(originals_)};
  std::string expected_{[this] {
    Random random{0};
    return facts_of(1'000'000, random, [](auto&, std::size_t) {});
  }()};
};

TEST_P(Directions, AreReadAtAll) {
  EXPECT_NE(expected_.find("session_closed"), std::string::npos) << expected_;
  EXPECT_NE(expected_.find("ESTABLISHED"), std::string::npos) << expected_;
  EXPECT_EQ(expected_.find("gap_bytes"), std::string::npos) << expected_;
  std::size_t joined = 0;
  for (const auto& flight : flights_) {
    joined +=
        flight.first != nullptr && flight.bytes.size() > flight.first->payload_bytes ? 1U : 0U;
  }
  EXPECT_GT(joined, 0U) << "no flight is of more than one packet";
}

TEST_P(Directions, WithLosses) {
  for (unsigned seed = 1; seed <= 15; ++seed) {
    Random random{seed};
    const auto most = any_of(random, 1, 400);
    ASSERT_EQ(
        facts_of(most, random, [&](auto& parts, std::size_t) { lose(parts, 1 + seed, random); }),
        expected_)
        << "seed " << seed;
  }
}

TEST_P(Directions, InAnyOrder) {
  for (unsigned seed = 1; seed <= 15; ++seed) {
    Random random{seed};
    const auto most = any_of(random, 20, 400);
    ASSERT_EQ(facts_of(most, random,
                       [&](auto& parts, std::size_t) { std::ranges::shuffle(parts, random); }),
              expected_)
        << "seed " << seed;
  }
}

TEST_P(Directions, WithAllThisAndOverlapsAndRepetitions) {
  for (unsigned seed = 1; seed <= 30; ++seed) {
    Random random{seed};
    const auto most = any_of(random, 2, 300);
    ASSERT_EQ(facts_of(most, random,
                       [&](auto& parts, std::size_t size) {
                         overlap(parts, size, any_of(random, 0, 200), random);
                         lose(parts, any_of(random, 1, 30), random);
                         if (any_of(random, 0, 2) == 0) { go_back(parts, random); }
                         if (any_of(random, 0, 4) == 0) { std::ranges::shuffle(parts, random); }
                       }),
              expected_)
        << "seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(Of, Directions,
                         ::testing::Values("rdp/standard-low.pcap", "rdp/every-setting.pcap",
                                           "rdp/tls12-nla.pcap", "rdp/tls13.pcap",
                                           "reverse/reverse-tls.pcap"));

}  // namespace
}  // namespace remora
