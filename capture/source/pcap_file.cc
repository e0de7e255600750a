#include "capture/source/pcap_file.h"

#include <algorithm>
#include <array>
#include <utility>

namespace remora::capture {
namespace {

constexpr std::uint32_t kMicroseconds = 0xa1b2c3d4;
constexpr std::uint32_t kNanoseconds = 0xa1b23c4d;
constexpr std::uint32_t kKuznetzov = 0xa1b2cd34;

constexpr std::size_t kFileHeaderBytes = 24;
constexpr std::size_t kRecordHeaderBytes = 16;
constexpr std::size_t kKuznetzovHeaderBytes = 24;
constexpr std::size_t kPrefetched = 128;  // two cache lines: record header, Ethernet, IP, TCP

/// The link type's field also says how long the frame check sequence is.
constexpr std::uint32_t kLinkTypeMask = 0x0000'ffff;

constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;

}  // namespace

std::optional<PcapVariant> detect_pcap(ByteView start) {
  for (const auto order : {ByteOrder::kLittle, ByteOrder::kBig}) {
    const auto magic = OrderedView<4>::of(start, order);
    if (!magic.has_value()) { return std::nullopt; }
    switch (magic->u32<0>()) {
      case kMicroseconds:
        return PcapVariant{.order = order};
      case kNanoseconds:
        return PcapVariant{.order = order, .nanoseconds_per_tick = 1};
      case kKuznetzov:
        return PcapVariant{.order = order, .record_header_bytes = kKuznetzovHeaderBytes};
      default:
        break;
    }
  }
  return std::nullopt;
}

// |  magic (4)  |  major (2)  |  minor (2)  |  reserved (8)  |  snap length (4)  |  link type (4) |
tl::expected<std::unique_ptr<FrameSource>, std::string> PcapFile::open(ByteReader bytes,
                                                                       const PcapVariant& variant,
                                                                       const ReadLimits& limits) {
  const auto window = bytes.peek(kFileHeaderBytes);
  const auto header = OrderedView<kFileHeaderBytes>::of(window, variant.order);
  if (!header.has_value()) {
    return tl::unexpected{
        explain_shortage(bytes, "the pcap file header", window.size(), kFileHeaderBytes).reason};
  }
  const auto major = header->u16<4>();
  const auto minor = header->u16<6>();
  if (major != 2) {
    return tl::unexpected{"unknown pcap version " + std::to_string(major) + "." +
                          std::to_string(minor)};
  }
  auto file = std::unique_ptr<PcapFile>{new PcapFile{std::move(bytes), variant, limits}};
  file->bytes_.skip(kFileHeaderBytes);
  file->link_ = LinkType{header->u32<20>() & kLinkTypeMask};
  if (minor < 3) { file->lengths_ = Lengths::kOriginalFirst; }
  if (minor == 3) { file->lengths_ = Lengths::kSmallerIsCaptured; }
  return file;
}

// |  seconds (4)  |  sub-second part (4)  |  captured length (4)  |  original length (4)  |
// Kuznetzov's adds |  interface (4)  |  protocol (2)  |  packet type (1)  |  padding (1)  |
ReadStatus PcapFile::next(Frame& frame) {
  if (ended_.has_value()) { return *ended_; }
  auto window = bytes_.peek(variant_.record_header_bytes);
  const auto header = OrderedView<kRecordHeaderBytes>::of(window, variant_.order);
  if (!header.has_value() || window.size() < variant_.record_header_bytes) {
    if (window.empty() && !bytes_.error().has_value()) { return end_with(ReadStatus::kEnd, {}); }
    auto why =
        explain_shortage(bytes_, "a record header", window.size(), variant_.record_header_bytes);
    return end_with(why.status, std::move(why.reason));
  }
  auto captured = header->u32<8>();
  auto original = header->u32<12>();
  if (lengths_ == Lengths::kOriginalFirst ||
      (lengths_ == Lengths::kSmallerIsCaptured && captured > original)) {
    std::swap(captured, original);
  }
  if (captured > limits_.frame_bytes) {
    return end_with(ReadStatus::kFailed, "record length " + std::to_string(captured) + " exceeds " +
                                             std::to_string(limits_.frame_bytes));
  }
  // The header's view is dead from here on: the window may have moved.
  const auto time = Nanoseconds{header->u32<0>() * kNanosecondsPerSecond +
                                std::int64_t{header->u32<4>()} * variant_.nanoseconds_per_tick};
  const auto record_bytes = variant_.record_header_bytes + captured;
  window = bytes_.peek(record_bytes);
  if (window.size() < record_bytes) {
    auto why = explain_shortage(bytes_, "a record", window.size(), record_bytes);
    return end_with(why.status, std::move(why.reason));
  }
  frame.at = {.time = Moment{time}, .frame = FrameNumber{++frames_}};
  frame.link = link_;
  frame.bytes = window.subspan(variant_.record_header_bytes, captured);
  frame.wire_bytes = std::max(original, captured);
  frame.memory = &bytes_.memory();
  bytes_.skip(record_bytes);
  // Where the next frame's headers lie: they are wanted soon, and nothing foresees their place.
  if (window.size() >= record_bytes + kPrefetched) {
    const auto* const next = window.data() + record_bytes;
    __builtin_prefetch(next);
    __builtin_prefetch(next + kPrefetched - 1);
  }
  return ReadStatus::kFrame;
}

ReadStatus PcapFile::end_with(ReadStatus status, std::string reason) {
  ended_ = status;
  return stop(status, bytes_.offset(), std::move(reason));
}

}  // namespace remora::capture
