#include "tests/dissect/bulk/encoder.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace remora::bulk::testing {
namespace {

// [MS-RDPEGDI] 3.1.8.1.4, tables 1, 2, 4 and 5, as printed there.
constexpr std::array<unsigned, 293> kHuffLengthLec{
    6,  6,  6,  7,  7,  7,  7,  7,  7,  7,  7,  8,  8,  8,  8,  8,  8,  8,  9,  8,  9,  9,  9,
    9,  8,  8,  9,  9,  9,  9,  9,  9,  8,  9,  9,  10, 9,  9,  9,  9,  9,  9,  9,  10, 9,  10,
    10, 10, 9,  9,  10, 9,  10, 9,  10, 9,  9,  9,  10, 10, 9,  10, 9,  9,  8,  9,  9,  9,  9,
    10, 10, 10, 9,  9,  10, 10, 10, 10, 10, 10, 9,  9,  10, 10, 10, 10, 10, 10, 10, 9,  10, 10,
    10, 10, 10, 10, 8,  10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 9,  10, 10,
    10, 10, 10, 10, 10, 9,  10, 10, 10, 10, 10, 10, 9,  7,  9,  9,  10, 9,  10, 10, 10, 9,  10,
    10, 10, 10, 10, 10, 10, 9,  10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10,
    10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 13, 10, 10, 10, 10, 10, 10, 11, 10, 10, 10, 10, 10,
    10, 10, 10, 10, 10, 10, 10, 10, 9,  10, 10, 10, 10, 10, 9,  10, 10, 10, 10, 10, 9,  10, 10,
    10, 9,  10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 9,  10, 10, 10, 10, 10,
    10, 10, 10, 10, 10, 10, 10, 10, 9,  10, 8,  9,  9,  10, 9,  10, 10, 10, 9,  10, 10, 10, 9,
    9,  8,  7,  13, 13, 7,  7,  10, 7,  7,  6,  6,  6,  6,  5,  6,  6,  6,  5,  6,  5,  6,  6,
    6,  6,  6,  6,  6,  6,  6,  6,  6,  6,  6,  6,  8,  5,  6,  7,  7};
constexpr std::array<unsigned, 293> kHuffCodeLec{
    0x0004, 0x0024, 0x0014, 0x0011, 0x0051, 0x0031, 0x0071, 0x0009, 0x0049, 0x0029, 0x0069, 0x0015,
    0x0095, 0x0055, 0x00d5, 0x0035, 0x00b5, 0x0075, 0x001d, 0x00f5, 0x011d, 0x009d, 0x019d, 0x005d,
    0x000d, 0x008d, 0x015d, 0x00dd, 0x01dd, 0x003d, 0x013d, 0x00bd, 0x004d, 0x01bd, 0x007d, 0x006b,
    0x017d, 0x00fd, 0x01fd, 0x0003, 0x0103, 0x0083, 0x0183, 0x026b, 0x0043, 0x016b, 0x036b, 0x00eb,
    0x0143, 0x00c3, 0x02eb, 0x01c3, 0x01eb, 0x0023, 0x03eb, 0x0123, 0x00a3, 0x01a3, 0x001b, 0x021b,
    0x0063, 0x011b, 0x0163, 0x00e3, 0x00cd, 0x01e3, 0x0013, 0x0113, 0x0093, 0x031b, 0x009b, 0x029b,
    0x0193, 0x0053, 0x019b, 0x039b, 0x005b, 0x025b, 0x015b, 0x035b, 0x0153, 0x00d3, 0x00db, 0x02db,
    0x01db, 0x03db, 0x003b, 0x023b, 0x013b, 0x01d3, 0x033b, 0x00bb, 0x02bb, 0x01bb, 0x03bb, 0x007b,
    0x002d, 0x027b, 0x017b, 0x037b, 0x00fb, 0x02fb, 0x01fb, 0x03fb, 0x0007, 0x0207, 0x0107, 0x0307,
    0x0087, 0x0287, 0x0187, 0x0387, 0x0033, 0x0047, 0x0247, 0x0147, 0x0347, 0x00c7, 0x02c7, 0x01c7,
    0x0133, 0x03c7, 0x0027, 0x0227, 0x0127, 0x0327, 0x00a7, 0x00b3, 0x0019, 0x01b3, 0x0073, 0x02a7,
    0x0173, 0x01a7, 0x03a7, 0x0067, 0x00f3, 0x0267, 0x0167, 0x0367, 0x00e7, 0x02e7, 0x01e7, 0x03e7,
    0x01f3, 0x0017, 0x0217, 0x0117, 0x0317, 0x0097, 0x0297, 0x0197, 0x0397, 0x0057, 0x0257, 0x0157,
    0x0357, 0x00d7, 0x02d7, 0x01d7, 0x03d7, 0x0037, 0x0237, 0x0137, 0x0337, 0x00b7, 0x02b7, 0x01b7,
    0x03b7, 0x0077, 0x0277, 0x07ff, 0x0177, 0x0377, 0x00f7, 0x02f7, 0x01f7, 0x03f7, 0x03ff, 0x000f,
    0x020f, 0x010f, 0x030f, 0x008f, 0x028f, 0x018f, 0x038f, 0x004f, 0x024f, 0x014f, 0x034f, 0x00cf,
    0x000b, 0x02cf, 0x01cf, 0x03cf, 0x002f, 0x022f, 0x010b, 0x012f, 0x032f, 0x00af, 0x02af, 0x01af,
    0x008b, 0x03af, 0x006f, 0x026f, 0x018b, 0x016f, 0x036f, 0x00ef, 0x02ef, 0x01ef, 0x03ef, 0x001f,
    0x021f, 0x011f, 0x031f, 0x009f, 0x029f, 0x019f, 0x039f, 0x005f, 0x004b, 0x025f, 0x015f, 0x035f,
    0x00df, 0x02df, 0x01df, 0x03df, 0x003f, 0x023f, 0x013f, 0x033f, 0x00bf, 0x02bf, 0x014b, 0x01bf,
    0x00ad, 0x00cb, 0x01cb, 0x03bf, 0x002b, 0x007f, 0x027f, 0x017f, 0x012b, 0x037f, 0x00ff, 0x02ff,
    0x00ab, 0x01ab, 0x006d, 0x0059, 0x17ff, 0x0fff, 0x0039, 0x0079, 0x01ff, 0x0005, 0x0045, 0x0034,
    0x000c, 0x002c, 0x001c, 0x0000, 0x003c, 0x0002, 0x0022, 0x0010, 0x0012, 0x0008, 0x0032, 0x000a,
    0x002a, 0x001a, 0x003a, 0x0006, 0x0026, 0x0016, 0x0036, 0x000e, 0x002e, 0x001e, 0x003e, 0x0001,
    0x00ed, 0x0018, 0x0021, 0x0025, 0x0065};
constexpr std::array<unsigned, 32> kHuffLengthL{4, 2, 3, 4, 3, 4, 4, 5, 4, 5, 5, 6, 6, 7, 7, 8,
                                                7, 8, 8, 9, 9, 8, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9};
constexpr std::array<unsigned, 32> kHuffCodeL{
    0x001, 0x000, 0x002, 0x009, 0x006, 0x005, 0x00d, 0x00b, 0x003, 0x01b, 0x007,
    0x017, 0x037, 0x00f, 0x04f, 0x06f, 0x02f, 0x0ef, 0x01f, 0x05f, 0x15f, 0x09f,
    0x0df, 0x1df, 0x03f, 0x13f, 0x0bf, 0x1bf, 0x07f, 0x17f, 0x0ff, 0x1ff};

constexpr std::array<std::size_t, 32> kCopyOffsetBase{
    1,    2,    3,    4,    5,    7,     9,     13,    17,    25,   33,
    49,   65,   97,   129,  193,  257,   385,   513,   769,   1025, 1537,
    2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577, 32769, 49153};
constexpr std::array<unsigned, 32> kCopyOffsetBits{0,  0,  0,  0,  1,  1,  2,  2,  3,  3, 4,
                                                   4,  5,  5,  6,  6,  7,  7,  8,  8,  9, 9,
                                                   10, 10, 11, 11, 12, 12, 13, 13, 14, 14};
constexpr std::array<std::size_t, 29> kLengthBase{2,  3,  4,  5,   6,   7,   8,   9,   10, 12,
                                                  14, 16, 18, 22,  26,  30,  34,  42,  50, 58,
                                                  66, 82, 98, 114, 130, 194, 258, 514, 770};
constexpr std::array<unsigned, 29> kLengthBits{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                               2, 3, 3, 3, 3, 4, 4, 4, 4, 6, 6, 8, 8, 14};

unsigned index_of(std::span<const std::size_t> table, std::size_t value) {
  const auto above = std::ranges::upper_bound(table, value);
  return static_cast<unsigned>(above - table.begin()) - 1;
}

void put_little(Bytes& out, std::uint64_t value, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i) { out.push_back(static_cast<std::byte>(value >> (8 * i))); }
}

unsigned floor_log2(std::size_t value) {
  return static_cast<unsigned>(std::bit_width(value)) - 1;
}

}  // namespace

void HighBits::put(std::uint64_t value, unsigned count) {
  while (count > 0) {
    if (free_ == 0) {
      bytes_.push_back(std::byte{0});
      free_ = 8;
    }
    --count;
    --free_;
    bytes_.back() |= static_cast<std::byte>(((value >> count) & 1U) << free_);
  }
}

unsigned HighBits::fill() {
  return std::exchange(free_, 0U);
}

void LowBits::put(std::uint64_t value, unsigned count) {
  for (; count > 0; --count, value >>= 1U) {
    if (free_ == 0) {
      bytes_.push_back(std::byte{0});
      free_ = 8;
    }
    bytes_.back() |= static_cast<std::byte>((value & 1U) << (8 - free_));
    --free_;
  }
}

void SenderHistory::add(ByteView data) {
  for (const auto byte : data) {
    bytes_.push_back(byte);
    if (bytes_.size() < 2) { continue; }
    const auto at = bytes_.size() - 2;
    older_.push_back(std::exchange(newest_[pair_at(at)], at));
  }
}

void SenderHistory::keep_last(std::size_t bytes) {
  const Bytes kept{bytes_.end() - static_cast<std::ptrdiff_t>(bytes), bytes_.end()};
  clear();
  add(kept);
}

Match SenderHistory::match(std::size_t at, std::size_t reach, std::size_t shortest,
                           std::size_t longest) const {
  Match best;
  longest = std::min(longest, bytes_.size() - at);
  if (longest < 2) { return best; }
  auto tries = 60;
  for (auto from = older_[at]; from != kNone && at - from <= reach && tries > 0; --tries) {
    std::size_t length = 0;
    while (length < longest && bytes_[at + length] == bytes_[from + length]) { ++length; }
    if (length >= shortest && length > best.length) { best = {at - from, length}; }
    from = older_[from];
  }
  return best;
}

void MppcSender::put_offset(HighBits& out, bool large, std::size_t offset) {
  if (offset < 64) {
    large ? out.put(0b11111, 5) : out.put(0b1111, 4);
    out.put(offset, 6);
  } else if (offset < 320) {
    large ? out.put(0b11110, 5) : out.put(0b1110, 4);
    out.put(offset - 64, 8);
  } else if (!large) {
    out.put(0b110, 3);
    out.put(offset - 320, 13);
  } else if (offset < 2368) {
    out.put(0b1110, 4);
    out.put(offset - 320, 11);
  } else {
    out.put(0b110, 3);
    out.put(offset - 2368, 16);
  }
}

void MppcSender::put_length(HighBits& out, std::size_t length) {
  if (length == 3) {
    out.put(0, 1);
    return;
  }
  const auto bits = floor_log2(length);
  for (unsigned i = 1; i < bits; ++i) { out.put(1, 1); }
  out.put(0, 1);
  out.put(length - (std::size_t{1} << bits), bits);
}

MppcSender::Packet MppcSender::send_compressed(ByteView data) {
  Packet packet{.flags = static_cast<std::uint8_t>(0x20U | (large_ ? 1U : 0U)), .bytes = {}};
  if (std::exchange(flush_, false)) { packet.flags |= 0x80U; }
  if (std::exchange(first_, false) || history_.size() + data.size() > size()) {
    packet.flags |= 0x40U;
    history_.clear();
  }
  auto at = history_.size();
  history_.add(data);
  HighBits out;
  while (at < history_.size()) {
    const auto match = history_.match(at, size() - 1, 3, large_ ? 65535 : 8191);
    if (match.length == 0) {
      const auto literal = to_u8(history_[at++]);
      if (literal < 0x80) {
        out.put(literal, 8);
      } else {
        out.put(0b10, 2);
        out.put(literal & 0x7fU, 7);
      }
      continue;
    }
    put_offset(out, large_, match.distance);
    put_length(out, match.length);
    at += match.length;
  }
  packet.bytes = out.bytes();
  return packet;
}

MppcSender::Packet MppcSender::send(ByteView data) {
  auto packet = send_compressed(data);
  if (packet.bytes.size() <= data.size()) { return packet; }
  // 3.1.8.2: expansion results in a flush, and the data is sent as it is.
  history_.clear();
  flush_ = true;
  return {.flags = static_cast<std::uint8_t>(0x80U | (large_ ? 1U : 0U)),
          .bytes = {data.begin(), data.end()}};
}

void Rdp60Sender::put_literal_or_offset(LowBits& out, unsigned index) {
  out.put(kHuffCodeLec.at(index), kHuffLengthLec.at(index));
}

void Rdp60Sender::put_match(LowBits& out, Match match) {
  const auto cached = std::ranges::find(offset_cache_, match.distance);
  if (cached != offset_cache_.end()) {
    put_literal_or_offset(out, static_cast<unsigned>(289 + (cached - offset_cache_.begin())));
    std::swap(*cached, offset_cache_.front());
  } else {
    const auto index = index_of(kCopyOffsetBase, match.distance + 1);
    put_literal_or_offset(out, index + 257);
    const auto bits = kCopyOffsetBits.at(index);
    out.put(match.distance & ((std::size_t{1} << bits) - 1), bits);
    std::shift_right(offset_cache_.begin(), offset_cache_.end(), 1);
    offset_cache_.front() = match.distance;
  }
  const auto index = index_of(kLengthBase, match.length);
  out.put(kHuffCodeL.at(index), kHuffLengthL.at(index));
  const auto bits = kLengthBits.at(index);
  out.put((match.length - 2) & ((std::size_t{1} << bits) - 1), bits);
}

Rdp60Sender::Packet Rdp60Sender::send(ByteView data) {
  Packet packet{.flags = 0x22, .bytes = {}};
  if (history_.size() + data.size() > 65536) {
    packet.flags |= 0x40U;
    history_.keep_last(32768);
  }
  auto at = history_.size();
  history_.add(data);
  LowBits out;
  while (at < history_.size()) {
    const auto match = history_.match(at, 65535, 2, 16385);
    if (match.length == 0) {
      put_literal_or_offset(out, to_u8(history_[at++]));
      continue;
    }
    put_match(out, match);
    at += match.length;
  }
  put_literal_or_offset(out, 256);
  packet.bytes = out.bytes();
  return packet;
}

Bytes Rdp61Sender::send(ByteView data) {
  unsigned level1 = 0x10;
  if (std::exchange(first_, false) || history_.size() + data.size() > 2'000'000) {
    level1 |= 0x04U;
    history_.clear();
  }
  const auto begin = history_.size();
  history_.add(data);
  Bytes details;
  Bytes literals;
  std::size_t count = 0;
  for (auto at = begin; at < history_.size();) {
    const auto match = history_.match(at, 2'000'000, 16, 16382);
    if (match.length == 0) {
      literals.push_back(history_[at++]);
      continue;
    }
    put_little(details, match.length, 2);
    put_little(details, at - begin, 2);
    put_little(details, at - match.distance, 4);
    ++count;
    at += match.length;
  }
  Bytes level1_data;
  if (count > 0) {
    level1 |= 0x01U;
    put_little(level1_data, count, 2);
    level1_data.insert(level1_data.end(), details.begin(), details.end());
  } else {
    level1 |= 0x02U;
  }
  level1_data.insert(level1_data.end(), literals.begin(), literals.end());
  const auto inner = level2_.send(level1_data);
  Bytes packet;
  put_little(packet, level1, 1);
  put_little(packet, inner.flags, 1);
  packet.insert(packet.end(), inner.bytes.begin(), inner.bytes.end());
  return packet;
}

Bytes Rdp80Sender::send(ByteView data) {
  struct Distances {
    std::uint64_t prefix;
    unsigned prefix_bits;
    unsigned value_bits;
    std::size_t base;
  };
  static constexpr std::array<Distances, 11> kDistances{{{0b10001, 5, 5, 0},
                                                         {0b10010, 5, 7, 32},
                                                         {0b10011, 5, 9, 160},
                                                         {0b10100, 5, 10, 672},
                                                         {0b10101, 5, 12, 1696},
                                                         {0b101100, 6, 14, 5792},
                                                         {0b101101, 6, 15, 22176},
                                                         {0b1011100, 7, 18, 54944},
                                                         {0b1011101, 7, 20, 317088},
                                                         {0b10111100, 8, 20, 1365664},
                                                         {0b10111101, 8, 21, 2414240}}};
  struct Short {
    std::uint8_t literal;
    std::uint64_t code;
    unsigned bits;
  };
  static constexpr std::array<Short, 25> kShort{
      {{0x00, 0b11000, 5},   {0x01, 0b11001, 5},   {0x02, 0b110100, 6},  {0x03, 0b110101, 6},
       {0xff, 0b110110, 6},  {0x04, 0b1101110, 7}, {0x05, 0b1101111, 7}, {0x06, 0b1110000, 7},
       {0x07, 0b1110001, 7}, {0x08, 0b1110010, 7}, {0x09, 0b1110011, 7}, {0x0a, 0b1110100, 7},
       {0x0b, 0b1110101, 7}, {0x3a, 0b1110110, 7}, {0x3b, 0b1110111, 7}, {0x3c, 0b1111000, 7},
       {0x3d, 0b1111001, 7}, {0x3e, 0b1111010, 7}, {0x3f, 0b1111011, 7}, {0x40, 0b1111100, 7},
       {0x80, 0b1111101, 7}, {0x0c, 0xfc, 8},      {0x38, 0xfd, 8},      {0x39, 0xfe, 8},
       {0x66, 0xff, 8}}};
  const std::size_t reach = lite_ ? 8192 : 2'500'000;
  auto at = history_.size();
  history_.add(data);
  HighBits out;
  std::size_t run = 0;
  while (at < history_.size()) {
    const auto match = history_.match(at, reach, 3, 65535);
    if (match.length > 0) {
      const auto& distances =
          *std::find_if(kDistances.rbegin(), kDistances.rend(),
                        [&](const auto& row) { return match.distance >= row.base; });
      out.put(distances.prefix, distances.prefix_bits);
      out.put(match.distance - distances.base, distances.value_bits);
      MppcSender::put_length(out, match.length);
      at += match.length;
      continue;
    }
    if (++run % 50 == 0 && history_.size() - at >= 20) {  // an unencoded run now and then
      out.put(0b1000100000, 10);
      out.put(20, 15);
      (void)out.fill();
      for (int i = 0; i < 20; ++i) { out.put(to_u8(history_[at++]), 8); }
      continue;
    }
    const auto literal = to_u8(history_[at++]);
    const auto* code = std::ranges::find(kShort, literal, &Short::literal);
    if (code != kShort.end()) {
      out.put(code->code, code->bits);
    } else {
      out.put(literal, 9);
    }
  }
  Bytes segment{static_cast<std::byte>(lite_ ? 0x06 : 0x04)};
  const auto unused = out.fill();
  if (out.bytes().size() + 1 > data.size()) {
    segment.insert(segment.end(), data.begin(), data.end());
    return segment;
  }
  segment.front() |= std::byte{0x20};
  segment.insert(segment.end(), out.bytes().begin(), out.bytes().end());
  segment.push_back(static_cast<std::byte>(unused));
  return segment;
}

}  // namespace remora::bulk::testing
