#include "dissect/encoding/ber.h"

#include <algorithm>

namespace remora::encoding {

BerTag read_ber_tag(Cursor& in, const char* field) {
  std::uint32_t tag = in.u8(field);
  if ((tag & 0x1fU) != 0x1fU) { return BerTag{tag}; }
  // LIMIT: three octets of tag number; larger numbers occur in no protocol we read.
  for (int octets = 0; octets < 3; ++octets) {
    const auto next = in.u8(field);
    tag = (tag << 8) | next;
    if ((next & 0x80U) == 0) { return BerTag{tag}; }
  }
  in.fail(field, "tag number too long");
  return {};
}

std::size_t read_ber_length(Cursor& in, const char* field) {
  const auto first = in.u8(field);
  switch (first) {
    case 0x81:
      return in.u8(field);
    case 0x82:
      return in.u16be(field);
    case 0x83:
      return in.u24be(field);
    case 0x84:
      return in.u32be(field);
    default:
      break;
  }
  if (first >= 0x80) {
    in.fail(field, first == 0x80 ? "indefinite length" : "length of too many octets");
    return 0;
  }
  return first;
}

BerElement read_ber_element(Cursor& in, const char* field) {
  const auto tag = read_ber_tag(in, field);
  const auto length = read_ber_length(in, field);
  return {.tag = tag, .content = in.bytes(length, field)};
}

std::size_t read_ber_length_of(Cursor& in, BerTag tag, const char* field) {
  if (read_ber_tag(in, field) != tag) { in.fail(field, "unexpected tag"); }
  return read_ber_length(in, field);
}

ByteView read_ber_content(Cursor& in, BerTag tag, const char* field) {
  return in.bytes(read_ber_length_of(in, tag, field), field);
}

std::uint64_t read_ber_unsigned(Cursor& in, BerTag tag, const char* field) {
  const auto content = read_ber_content(in, tag, field);
  if (content.size() > 8) { in.fail(field, "number of more than 8 bytes"); }
  std::uint64_t value = 0;
  for (const auto b : content.first(std::min<std::size_t>(content.size(), 8))) {
    value = (value << 8) | to_u8(b);
  }
  return value;
}

}  // namespace remora::encoding
