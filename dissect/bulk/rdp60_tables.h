#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace remora::bulk {

/// HuffLengthLEC, [MS-RDPEGDI] 3.1.8.1.4.1: the bits of the codes for literals 0 to 255, the end of
/// the stream, 32 ranges of copy-offsets, 4 places of the OffsetCache. The codes are canonical.
inline constexpr std::array<std::uint8_t, 293> kHuffLengthLec{
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
inline constexpr unsigned kMostLecBits = 13;

inline constexpr unsigned kEndOfStream = 256;
inline constexpr unsigned kFirstCopyOffset = 257;
inline constexpr unsigned kFirstCached = 289;

/// CopyOffsetBitsLUT and CopyOffsetBaseLUT.
inline constexpr std::array<std::uint8_t, 32> kCopyOffsetBits{
    0, 0, 0, 0, 1, 1, 2,  2,  3,  3,  4,  4,  5,  5,  6,  6,
    7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14};
inline constexpr std::array<std::uint16_t, 32> kCopyOffsetBase{
    1,    2,    3,    4,    5,    7,     9,     13,    17,    25,   33,
    49,   65,   97,   129,  193,  257,   385,   513,   769,   1025, 1537,
    2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577, 32769, 49153};

/// HuffLengthL, 3.1.8.1.4.2: the bits of the codes for the lengths of matches.
inline constexpr std::array<std::uint8_t, 32> kHuffLengthL{
    4, 2, 3, 4, 3, 4, 4, 5, 4, 5, 5, 6, 6, 7, 7, 8, 7, 8, 8, 9, 9, 8, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9};
inline constexpr unsigned kMostLBits = 9;

/// LoMBitsLUT and LoMBaseLUT: two codes have no meaning.
inline constexpr std::array<std::uint8_t, 30> kLengthBits{
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 6, 6, 8, 8, 14, 14};
inline constexpr std::array<std::uint16_t, 30> kLengthBase{
    2,  3,  4,  5,  6,  7,  8,  9,  10,  12,  14,  16,  18,  22, 26,
    30, 34, 42, 50, 58, 66, 82, 98, 114, 130, 194, 258, 514, 2,  2};

/// Which code the next bits are, low bits first: by as many bits as the longest has.
template <unsigned kMostBits>
struct HuffmanTable {
  struct Entry {
    std::uint16_t symbol{0};
    std::uint8_t bits{0};  ///< 0: no code begins so
  };
  std::array<Entry, std::size_t{1} << kMostBits> entries{};
};

/// Canonical Huffman codes: shorter before longer, then by symbol; sent from their first bit on.
template <unsigned kMostBits, std::size_t kSymbols>
constexpr HuffmanTable<kMostBits> make_huffman_table(
    const std::array<std::uint8_t, kSymbols>& lengths) {
  HuffmanTable<kMostBits> table;
  unsigned code = 0;
  for (unsigned bits = 1; bits <= kMostBits; ++bits) {
    code <<= 1U;
    for (std::size_t symbol = 0; symbol < kSymbols; ++symbol) {
      if (lengths[symbol] != bits) { continue; }
      std::size_t sent = 0;
      for (unsigned bit = 0; bit < bits; ++bit) {
        sent |= static_cast<std::size_t>((code >> bit) & 1U) << (bits - 1 - bit);
      }
      for (auto at = sent; at < table.entries.size(); at += std::size_t{1} << bits) {
        table.entries[at] = {static_cast<std::uint16_t>(symbol), static_cast<std::uint8_t>(bits)};
      }
      ++code;
    }
  }
  return table;
}

}  // namespace remora::bulk
