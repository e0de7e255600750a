#include "dissect/names/domain_name.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace remora::names {
namespace {

constexpr std::size_t kMaxWireBytes = 255;  // RFC 1035 2.3.4
constexpr std::size_t kMaxPointers = 32;    // LIMIT: real names have one
constexpr std::uint8_t kPointer = 0xc0;     // 4.1.4: the two highest bits
constexpr std::uint8_t kMaxLabel = 63;

struct Name {
  std::string text;
  std::size_t wire_bytes{1};  // the root label
};

void append_label(Cursor& in, std::uint8_t size, Name& name) {
  if (size > kMaxLabel) { return in.fail("label", "of unknown kind"); }
  name.wire_bytes += 1U + size;
  if (name.wire_bytes > kMaxWireBytes) { return in.fail("name", "longer than 255 bytes"); }
  if (!name.text.empty()) { name.text.push_back('.'); }
  for (const auto c : as_text(in.bytes(size, "label"))) {
    if (c == '.' || c == '\\') { name.text.push_back('\\'); }
    name.text.push_back(c);
  }
}

/// `start` is where this run of labels begins in the message; pointers lead before it.
void append_labels(Cursor& in, ByteView message, std::size_t start, std::size_t pointers,
                   Name& name) {
  while (in.ok()) {
    const auto size = in.u8("label length");
    if (size == 0) { return; }
    if ((size & kPointer) != kPointer) {
      append_label(in, size, name);
      continue;
    }
    const auto target =
        (static_cast<std::size_t>(size & ~kPointer) << 8U) | in.u8("compression pointer");
    if (!in.ok()) { return; }
    if (target >= start || target >= message.size() || pointers >= kMaxPointers) {
      return in.fail("compression pointer", "not backwards");
    }
    Cursor there{message.subspan(target)};
    append_labels(there, message, target, pointers + 1, name);
    if (!there.ok()) { in.fail("compression pointer", "to no name"); }
    return;
  }
}

char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::string read_domain_name(Cursor& in, ByteView message) {
  Name name;
  append_labels(in, message, in.offset(), 0, name);
  return name.text;
}

std::string read_partial_name(Cursor& in) {
  Name name;
  while (in.ok() && !in.at_end()) {
    const auto size = in.u8("label length");
    if (size == 0) { break; }
    append_label(in, size, name);
  }
  return name.text;
}

bool is_same_name(std::string_view one, std::string_view two) {
  return std::ranges::equal(one, two, {}, to_lower, to_lower);
}

}  // namespace remora::names
