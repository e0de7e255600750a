#include "capture/source/pcapng_file.h"

#include <algorithm>
#include <utility>

#include "capture/base/cursor.h"

namespace remora::capture {
namespace {

/// Block types (IANA "PCAPNG Block Types").
enum class BlockType : std::uint32_t {
  kInterfaceDescription = 1,
  kPacket = 2,  // obsolete
  kSimplePacket = 3,
  kEnhancedPacket = 6,
  kJournalEntry = 9,
  kSysdigEvent = 0x204,
  kSysdigEventV2 = 0x216,
  kSysdigEventV2Large = 0x221,
  kCustom = 0xbad,
  kCustomNotCopied = 0x4000'0bad,
  kSectionHeader = kSectionHeaderBlock,
};

constexpr std::uint32_t kByteOrderMagic = 0x1a2b'3c4d;
constexpr std::uint16_t kVersion = 1;

constexpr std::size_t kBlockHeaderBytes = 8;   // type and total length
constexpr std::size_t kBlockTrailerBytes = 4;  // total length again
constexpr std::size_t kMinBlockBytes = kBlockHeaderBytes + kBlockTrailerBytes;
constexpr std::size_t kMinSectionHeaderBytes = 28;

/// Options of an Interface Description Block.
constexpr std::uint16_t kEndOfOptions = 0;
constexpr std::uint16_t kTimeResolution = 9;
constexpr std::uint16_t kTimeOffset = 14;

/// Wireshark gives these numbers though they are no packets, and so do we: a frame number must mean
/// the same in both.
bool takes_a_number(BlockType type) {
  return type == BlockType::kJournalEntry || type == BlockType::kCustom ||
         type == BlockType::kCustomNotCopied || type == BlockType::kSysdigEvent ||
         type == BlockType::kSysdigEventV2 || type == BlockType::kSysdigEventV2Large;
}

ByteView body_of(ByteView block) {
  return block.subspan(kBlockHeaderBytes, block.size() - kMinBlockBytes);
}

}  // namespace

std::optional<ByteOrder> order_of_section(ByteView start) {
  for (const auto order : {ByteOrder::kLittle, ByteOrder::kBig}) {
    const auto header = OrderedView<kMinBlockBytes>::of(start, order);
    if (header.has_value() && header->u32<8>() == kByteOrderMagic) { return order; }
  }
  return std::nullopt;
}

bool detect_pcapng(ByteView start) {
  const auto type = FixedView<4>::of(start);
  return type.has_value() && BlockType{type->u32be<0>()} == BlockType::kSectionHeader &&
         order_of_section(start).has_value();
}

tl::expected<std::unique_ptr<FrameSource>, std::string> PcapngFile::open(ByteReader bytes,
                                                                         const ReadLimits& limits) {
  auto file = std::unique_ptr<PcapngFile>{new PcapngFile{std::move(bytes), limits}};
  Frame none;
  if (file->read_block(none) != ReadStatus::kEnd) { return tl::unexpected{file->error().reason}; }
  return file;
}

ReadStatus PcapngFile::next(Frame& frame) {
  while (!ended_.has_value()) {
    if (bytes_.peek(1).empty() && !bytes_.error().has_value()) {
      return end_with(ReadStatus::kEnd, {});
    }
    if (read_block(frame) == ReadStatus::kFrame) { return ReadStatus::kFrame; }
  }
  return *ended_;
}

// |  block type (4)  |  total length (4)  |  body, a multiple of 4  |  total length (4)  |
ReadStatus PcapngFile::read_block(Frame& frame) {
  block_offset_ = bytes_.offset();
  const auto start = bytes_.peek(kMinBlockBytes);
  auto header = OrderedView<kBlockHeaderBytes>::of(start, order_);
  if (!header.has_value() || start.size() < kMinBlockBytes) {
    return end_short("a block header", start.size(), kMinBlockBytes);
  }
  const BlockType type{header->u32<0>()};
  if (type == BlockType::kSectionHeader) {  // reads the same in both byte orders
    const auto order = order_of_section(start);
    if (!order.has_value()) {
      return end_with(ReadStatus::kFailed, "section header without byte-order magic");
    }
    order_ = *order;
    header = OrderedView<kBlockHeaderBytes>::of(start, order_);
  }
  const auto length = header->u32<4>();
  if (length < kMinBlockBytes || length % 4 != 0 || length > limits_.block_bytes) {
    return end_with(ReadStatus::kFailed, "block length " + std::to_string(length) +
                                             " is not a multiple of 4 from " +
                                             std::to_string(kMinBlockBytes) + " to " +
                                             std::to_string(limits_.block_bytes));
  }
  switch (type) {
    case BlockType::kSectionHeader:
    case BlockType::kInterfaceDescription:
    case BlockType::kPacket:
    case BlockType::kSimplePacket:
    case BlockType::kEnhancedPacket:
      break;
    default:
      if (takes_a_number(type)) { ++frames_; }
      return skip_block(length);
  }

  const auto window = bytes_.peek(length);
  if (window.size() < length) { return end_short("a block", window.size(), length); }
  const auto block = window.first(length);
  const auto trailer = OrderedView<kBlockTrailerBytes>::of(block.last(kBlockTrailerBytes), order_);
  if (trailer->u32<0>() != length) {
    return end_with(ReadStatus::kFailed, "block lengths " + std::to_string(length) + " and " +
                                             std::to_string(trailer->u32<0>()) + " differ");
  }
  bytes_.skip(length);
  switch (type) {
    case BlockType::kSectionHeader:
      return begin_section(block);
    case BlockType::kPacket:
      return read_obsolete(body_of(block), frame);
    case BlockType::kSimplePacket:
      return read_simple(body_of(block), frame);
    case BlockType::kEnhancedPacket:
      return read_enhanced(body_of(block), frame);
    default:
      describe_interface(body_of(block));
      return ReadStatus::kEnd;
  }
}

ReadStatus PcapngFile::skip_block(std::uint32_t length) {
  if (!bytes_.skip_far(length - kBlockTrailerBytes)) {
    return end_short("a block", static_cast<std::size_t>(bytes_.offset() - block_offset_), length);
  }
  const auto trailer = OrderedView<kBlockTrailerBytes>::of(bytes_.peek(kBlockTrailerBytes), order_);
  if (!trailer.has_value()) {
    const auto have = bytes_.offset() - block_offset_ + bytes_.peek(kBlockTrailerBytes).size();
    return end_short("a block", static_cast<std::size_t>(have), length);
  }
  if (trailer->u32<0>() != length) {
    return end_with(ReadStatus::kFailed, "block lengths " + std::to_string(length) + " and " +
                                             std::to_string(trailer->u32<0>()) + " differ");
  }
  bytes_.skip(kBlockTrailerBytes);
  return ReadStatus::kEnd;
}

// |  byte-order magic (4)  |  major (2)  |  minor (2)  |  section length (8)  |  options  |
ReadStatus PcapngFile::begin_section(ByteView block) {
  const auto header = OrderedView<kMinSectionHeaderBytes>::of(block, order_);
  if (!header.has_value()) {
    return end_with(ReadStatus::kFailed,
                    "section header of " + std::to_string(block.size()) + " bytes is too short");
  }
  if (header->u16<12>() != kVersion) {
    return end_with(ReadStatus::kFailed, "unknown pcapng version " +
                                             std::to_string(header->u16<12>()) + "." +
                                             std::to_string(header->u16<14>()));
  }
  interfaces_.clear();
  return ReadStatus::kEnd;
}

// |  link type (2)  |  reserved (2)  |  snap length (4)  |  options  |
void PcapngFile::describe_interface(ByteView body) {
  constexpr std::size_t kFixedBytes = 8;
  if (interfaces_.size() >= limits_.interfaces) { return; }
  auto& interface = interfaces_.emplace_back();
  const auto fixed = OrderedView<kFixedBytes>::of(body, order_);
  if (!fixed.has_value()) {
    count_odd_record();
    return;
  }
  interface.link = LinkType{fixed->u16<0>()};
  interface.snap_bytes = fixed->u32<4>();
  read_interface_options(body.subspan(kFixedBytes), interface);
}

// |  code (2)  |  length (2)  |  value, padded to a multiple of 4  |
void PcapngFile::read_interface_options(ByteView options, Interface& interface) const {
  constexpr std::size_t kHeaderBytes = 4;
  while (true) {
    const auto header = OrderedView<kHeaderBytes>::of(options, order_);
    if (!header.has_value() || header->u16<0>() == kEndOfOptions) { return; }
    const std::size_t size = header->u16<2>();
    options = options.subspan(kHeaderBytes);
    if (options.size() < size) { return; }
    const auto value = options.first(size);
    if (header->u16<0>() == kTimeResolution && size == 1) {
      interface.clock.resolution = to_u8(value[0]);
    }
    if (header->u16<0>() == kTimeOffset && size == 8) {
      Cursor in{value};
      interface.clock.offset_seconds = static_cast<std::int64_t>(
          order_ == ByteOrder::kLittle ? in.u64le("if_tsoffset") : in.u64be("if_tsoffset"));
    }
    options = options.subspan(std::min(options.size(), (size + 3) / 4 * 4));
  }
}

// |  interface (4)  |  time, upper half (4)  |  time, lower half (4)  |
// |  captured length (4)  |  original length (4)  |  data, padded  |  options  |
ReadStatus PcapngFile::read_enhanced(ByteView body, Frame& frame) {
  constexpr std::size_t kFixedBytes = 20;
  const auto fixed = OrderedView<kFixedBytes>::of(body, order_);
  if (!fixed.has_value()) { return odd_packet(); }
  const auto interface = interface_of(fixed->u32<0>());
  time_ = to_moment((std::uint64_t{fixed->u32<4>()} << 32U) | fixed->u32<8>(), interface.clock);
  return deliver(interface, body.subspan(kFixedBytes), fixed->u32<12>(), fixed->u32<16>(), frame);
}

// |  original length (4)  |  data, padded  |
ReadStatus PcapngFile::read_simple(ByteView body, Frame& frame) {
  constexpr std::size_t kFixedBytes = 4;
  const auto fixed = OrderedView<kFixedBytes>::of(body, order_);
  if (!fixed.has_value()) { return odd_packet(); }
  const auto interface = interface_of(0);
  const auto data = body.subspan(kFixedBytes);
  const auto original = fixed->u32<0>();
  const auto snap = interface.snap_bytes == 0 ? original : interface.snap_bytes;
  const auto room = static_cast<std::uint32_t>(data.size());
  return deliver(interface, data, std::min({original, snap, room}), original, frame);
}

// |  interface (2)  |  drops (2)  |  time, upper half (4)  |  time, lower half (4)  |
// |  captured length (4)  |  original length (4)  |  data, padded  |  options  |
ReadStatus PcapngFile::read_obsolete(ByteView body, Frame& frame) {
  constexpr std::size_t kFixedBytes = 20;
  const auto fixed = OrderedView<kFixedBytes>::of(body, order_);
  if (!fixed.has_value()) { return odd_packet(); }
  const auto interface = interface_of(fixed->u16<0>());
  time_ = to_moment((std::uint64_t{fixed->u32<4>()} << 32U) | fixed->u32<8>(), interface.clock);
  return deliver(interface, body.subspan(kFixedBytes), fixed->u32<12>(), fixed->u32<16>(), frame);
}

/// A packet block too short to say anything keeps its number.
ReadStatus PcapngFile::odd_packet() {
  count_odd_record();
  ++frames_;
  return ReadStatus::kEnd;
}

PcapngFile::Interface PcapngFile::interface_of(std::uint32_t id) {
  if (id < interfaces_.size()) { return interfaces_[id]; }
  count_odd_record();
  return {};
}

ReadStatus PcapngFile::deliver(const Interface& interface, ByteView data, std::uint32_t captured,
                               std::uint32_t original, Frame& frame) {
  if (captured > data.size()) {
    count_odd_record();
    captured = static_cast<std::uint32_t>(data.size());
  }
  frame.at = {.time = time_, .frame = FrameNumber{++frames_}};
  frame.link = interface.link;
  frame.bytes = data.first(captured);
  frame.wire_bytes = std::max(original, captured);
  frame.memory = &bytes_.memory();
  return ReadStatus::kFrame;
}

ReadStatus PcapngFile::end_with(ReadStatus status, std::string reason) {
  ended_ = status;
  return stop(status, block_offset_, std::move(reason));
}

ReadStatus PcapngFile::end_short(const char* what, std::size_t have, std::uint64_t need) {
  auto why = explain_shortage(bytes_, what, have, need);
  return end_with(why.status, std::move(why.reason));
}

}  // namespace remora::capture
