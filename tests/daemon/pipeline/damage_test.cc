// Whatever happens to a capture, its reading ends cleanly, says where the damage is, and loses
// nothing of what came before it.

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "capture/net/decapsulate.h"
#include "tests/support/memory_file.h"
#include "tests/support/replay.h"

namespace remora {
namespace {

using capture::ReadStatus;
using testing::LoadedCapture;
using testing::OwnedFrame;
using testing::Replayed;

// Damage is done at every place where a file begins, and at places in even steps further on: as
// many as keep this program, which meets each bundled capture, to some two minutes in a debug
// build.
constexpr std::size_t kEveryByteUpTo = 512;
constexpr std::size_t kEveryByteAtStart = 256;
constexpr std::size_t kCutsFurtherOn = 40;
constexpr std::size_t kReplaysPerCapture = 20;
constexpr std::size_t kFlipsPerCapture = 10;

/// So that about kReplaysPerCapture of so many frames are met.
std::size_t step_over(std::size_t frames) {
  return std::max<std::size_t>(1, frames / kReplaysPerCapture);
}

std::vector<std::size_t> places_to_cut(std::size_t size) {
  const auto dense = size <= kEveryByteUpTo ? size : kEveryByteAtStart;
  const auto step = std::max<std::size_t>(1, (size - dense) / kCutsFurtherOn);
  std::vector<std::size_t> places;
  for (std::size_t at = 0; at < dense; ++at) { places.push_back(at); }
  for (std::size_t at = dense; at < size; at += step) { places.push_back(at); }
  return places;
}

/// What was told while the first `frames` frames came, each event on a line of its own.
std::string told_until(const Replayed& replayed, std::size_t frames) {
  std::string text;
  for (const auto& told : replayed.at_frames) {
    if (told.frames > frames) { break; }
    text += told.bytes + '\n';
  }
  return text;
}

bool same_frame(const OwnedFrame& a, const OwnedFrame& b) {
  return a.frame.at == b.frame.at && a.frame.link == b.frame.link &&
         a.frame.wire_bytes == b.frame.wire_bytes && a.bytes == b.bytes;
}

/// The frames of a file that was cut must be the first of the whole file's.
::testing::AssertionResult is_start_of(const LoadedCapture& cut, const LoadedCapture& whole) {
  if (cut.frames.size() > whole.frames.size()) {
    return ::testing::AssertionFailure() << "more frames than before";
  }
  for (std::size_t i = 0; i < cut.frames.size(); ++i) {
    if (!same_frame(cut.frames[i], whole.frames[i])) {
      return ::testing::AssertionFailure() << "frame " << i + 1 << " differs";
    }
  }
  return ::testing::AssertionSuccess();
}

bool is_compressed(const std::string& path) {
  return path.ends_with(".gz") || path.ends_with(".zst");
}

/// Cut where its last record was said to begin, a file ends well and gives the same frames.
::testing::AssertionResult ends_well_before_record(const std::vector<std::byte>& bytes,
                                                   const LoadedCapture& cut) {
  const auto offset = static_cast<std::size_t>(cut.error.byte_offset);
  if (offset > bytes.size()) { return ::testing::AssertionFailure() << "offset behind the file"; }
  const testing::MemoryFile file{std::span{bytes}.first(offset)};
  const auto shorter = testing::load_capture(file.path());
  if (shorter.refused.has_value() || shorter.end != ReadStatus::kEnd ||
      shorter.frames.size() != cut.frames.size()) {
    return ::testing::AssertionFailure() << "no record begins at " << offset;
  }
  return ::testing::AssertionSuccess();
}

class Damage : public ::testing::TestWithParam<std::string> {
 protected:
  [[nodiscard]] std::string replay_damaged(const std::vector<OwnedFrame>& frames,
                                           std::size_t good_frames) const {
    const auto damaged = testing::replay(frames);
    if (told_until(damaged, good_frames) != told_until(before_, good_frames)) {
      return "what was told before the damage has changed";
    }
    return testing::find_fault(damaged);
  }

  LoadedCapture whole_{testing::load_capture(GetParam())};
  Replayed before_{testing::replay(whole_.frames)};
};

TEST_P(Damage, IsToldWithItsPlaceAndCostsNothingThatCameBefore) {
  const auto bytes = testing::file_bytes(GetParam());
  testing::MemoryFile file{bytes};
  auto places = places_to_cut(bytes.size());
  std::ranges::reverse(places);
  auto frames_before = whole_.frames.size() + 1;
  for (const auto size : places) {
    file.cut(size);
    const auto cut = testing::load_capture(file.path());
    ASSERT_TRUE(is_start_of(cut, whole_)) << "cut at " << size;
    ASSERT_LE(cut.frames.size(), frames_before) << "cut at " << size;
    if (cut.refused.has_value()) {
      ASSERT_TRUE(cut.frames.empty());
      ASSERT_FALSE(cut.refused->reason.empty());
      ASSERT_FALSE(cut.refused->advice.empty());
      continue;
    }
    if (cut.end != ReadStatus::kEnd) {
      ASSERT_FALSE(cut.error.reason.empty());
      ASSERT_NE(cut.error.to_text().find(" at byte " + std::to_string(cut.error.byte_offset)),
                std::string::npos)
          << cut.error.to_text();
    }
    // Cuts inside one record leave the same frames, and those need not be replayed again.
    if (cut.frames.size() == frames_before) { continue; }
    frames_before = cut.frames.size();
    if (frames_before % step_over(whole_.frames.size()) != 0) { continue; }
    ASSERT_EQ(replay_damaged(cut.frames, cut.frames.size()), "") << "cut at " << size;
    if (cut.end == ReadStatus::kTruncated && !is_compressed(GetParam())) {
      ASSERT_TRUE(ends_well_before_record(bytes, cut)) << "cut at " << size;
    }
  }
}

TEST_P(Damage, OfOneFrameThatIsMissingEndsCleanly) {
  const auto step = step_over(whole_.frames.size());
  for (std::size_t missing = whole_.frames.size() % step; missing < whole_.frames.size();
       missing += step) {
    auto frames = whole_.frames;
    frames.erase(frames.begin() + static_cast<std::ptrdiff_t>(missing));
    ASSERT_EQ(replay_damaged(frames, missing), "") << "without frame " << missing + 1;
  }
}

/// "tcp_ipv6_pcap"
std::string test_name(const ::testing::TestParamInfo<std::string>& capture) {
  const std::filesystem::path path{capture.param};
  auto name = (path.parent_path().filename() / path.filename()).string();
  std::ranges::replace_if(
      name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Bundled, Damage, ::testing::ValuesIn(testing::bundled_captures()),
                         test_name);

/// Where a byte of TCP payload lies.
struct Place {
  std::size_t frame;
  std::size_t byte;
};

/// Captures that bear the same TCP payload are one story in different clothes: flips of the story
/// are tried on the first only.
std::vector<Place> payload_places(const LoadedCapture& capture, std::string& story) {
  std::vector<Place> places;
  capture::Decapsulator decapsulator;
  capture::Packet packet;
  for (std::size_t index = 0; index < capture.frames.size(); ++index) {
    const auto frame = capture.frames[index].view();
    if (decapsulator.next(frame, packet) != capture::Unwrapped::kPacket) { continue; }
    if (packet.transport != Transport::kTcp) { continue; }
    story += as_text(packet.payload);
    // What was put together from fragments lies in no frame.
    const auto* end = std::to_address(frame.bytes.end());
    if (std::less{}(packet.payload.data(), frame.bytes.data()) ||
        std::less{}(end, std::to_address(packet.payload.end()))) {
      continue;
    }
    const auto first = static_cast<std::size_t>(packet.payload.data() - frame.bytes.data());
    for (std::size_t at = 0; at < packet.payload.size(); ++at) {
      places.push_back({.frame = index, .byte = first + at});
    }
  }
  return places;
}

TEST(Flip, OfAnyPayloadByteEndsCleanlyAndCostsNothingThatCameBefore) {
  std::set<std::string> stories;
  for (const auto& path : testing::bundled_captures()) {
    SCOPED_TRACE(path);
    auto capture = testing::load_capture(path);
    std::string story;
    const auto places = payload_places(capture, story);
    if (!stories.insert(story).second) { continue; }
    const auto before = testing::replay(capture.frames);
    const auto step = std::max<std::size_t>(1, places.size() / kFlipsPerCapture);
    // Stories begin alike; where the steps start differs, so that together they meet every byte.
    for (auto at = stories.size() % step; at < places.size(); at += step) {
      for (const auto flip : {std::byte{0xff}, std::byte{0x01}}) {
        auto& byte = capture.frames[places[at].frame].bytes[places[at].byte];
        byte ^= flip;
        const auto damaged = testing::replay(capture.frames);
        byte ^= flip;
        ASSERT_EQ(told_until(damaged, places[at].frame), told_until(before, places[at].frame));
        ASSERT_EQ(testing::find_fault(damaged), "")
            << "frame " << places[at].frame + 1 << " byte " << places[at].byte;
      }
    }
  }
}

}  // namespace
}  // namespace remora
