#include "dissect/ndr/ndr_reader.h"

#include <algorithm>
#include <vector>

#include "dissect/encoding/utf16.h"

namespace remora::ndr {

std::uint16_t NdrReader::u16(const char* field) {
  align(2);
  return little_ ? in_.u16le(field) : in_.u16be(field);
}

std::uint32_t NdrReader::u32(const char* field) {
  align(4);
  return little_ ? in_.u32le(field) : in_.u32be(field);
}

std::uint64_t NdrReader::u64(const char* field) {
  align(8);
  return little_ ? in_.u64le(field) : in_.u64be(field);
}

Guid NdrReader::guid(const char* field) {
  align(4);
  return read_guid(in_, little_, field);
}

void NdrReader::align(std::size_t boundary) {
  const auto beyond = (in_.offset() - start_) % boundary;
  if (beyond != 0) { in_.skip(boundary - beyond, "alignment"); }
}

ByteView NdrReader::wide_characters(const char* field) {
  const std::size_t maximum = u32(field);
  const std::size_t offset = u32(field);
  const std::size_t actual = u32(field);
  if (offset != 0 || actual > maximum) { in_.fail(field, "offset or count out of range"); }
  if (actual > kMaxStringBytes / 2) { in_.fail(field, "longer than any string may be"); }
  const auto all = in_.ok() ? in_.bytes(2 * actual, field) : ByteView{};
  for (std::size_t at = 0; at + 2 <= all.size(); at += 2) {
    if (all[at] == std::byte{0} && all[at + 1] == std::byte{0}) { return all.first(at); }
  }
  return all;
}

std::string NdrReader::wide_string(const char* field) {
  return to_utf8(wide_characters(field), little_);
}

std::string to_utf8(ByteView characters, bool little_endian) {
  if (little_endian) { return encoding::utf16le_to_utf8(characters); }
  std::vector<std::byte> swapped(characters.begin(), characters.end());
  for (std::size_t at = 0; at + 2 <= swapped.size(); at += 2) {
    std::swap(swapped[at], swapped[at + 1]);
  }
  return encoding::utf16le_to_utf8(swapped);
}

SerializationHeader read_serialization_header(Cursor& in) {
  SerializationHeader header;
  in.expect_u8(1, "Version");
  header.little_endian = in.u8("Endianness") == 0x10;
  in.expect_u16le(8, "CommonHeaderLength");
  in.skip(4, "Filler");
  header.object_bytes =
      header.little_endian ? in.u32le("ObjectBufferLength") : in.u32be("ObjectBufferLength");
  in.skip(4, "Filler");
  return header;
}

}  // namespace remora::ndr
