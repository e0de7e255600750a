#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"
#include "dissect/ndr/guid.h"

namespace remora::ndr {

/// Reads NDR, [C706] 14.2 and 14.3: each primitive is aligned to its size, counted from where the
/// reader began. Errors are those of the cursor that it borrows.
class NdrReader {
 public:
  /// LIMIT: of any string; what is longer fails.
  static constexpr std::size_t kMaxStringBytes = std::size_t{32} << 10U;

  NdrReader(Cursor& in, bool little_endian)
      : in_{in}, start_{in.offset()}, little_{little_endian} {}

  [[nodiscard]] std::uint8_t u8(const char* field) { return in_.u8(field); }
  [[nodiscard]] std::uint16_t u16(const char* field);
  [[nodiscard]] std::uint32_t u32(const char* field);
  [[nodiscard]] std::uint64_t u64(const char* field);
  [[nodiscard]] Guid guid(const char* field);
  /// A unique or full pointer: whether it points to something, which follows where NDR defers it
  /// to.
  [[nodiscard]] bool pointer(const char* field) { return u32(field) != 0; }
  [[nodiscard]] ByteView bytes(std::size_t size, const char* field) {
    return in_.bytes(size, field);
  }
  void skip(std::size_t size, const char* field) { in_.skip(size, field); }
  void align(std::size_t boundary);

  /// A conformant and varying string of UTF-16 characters, 14.3.4.2, as UTF-8 up to its NUL.
  [[nodiscard]] std::string wide_string(const char* field);
  /// Its characters as they are, without the NUL; borrowed.
  [[nodiscard]] ByteView wide_characters(const char* field);

  [[nodiscard]] bool little_endian() const { return little_; }
  [[nodiscard]] Cursor& cursor() { return in_; }
  [[nodiscard]] bool ok() const { return in_.ok(); }

 private:
  Cursor& in_;
  std::size_t start_;
  bool little_;
};

/// UTF-16 in either order as UTF-8, up to the first NUL.
[[nodiscard]] std::string to_utf8(ByteView characters, bool little_endian);

/// The headers of type serialization 1, [MS-RPCE] 2.2.6.1 and 2.2.6.2, before one constructed type.
struct SerializationHeader {
  bool little_endian{true};
  std::uint32_t object_bytes{0};
};
[[nodiscard]] SerializationHeader read_serialization_header(Cursor& in);

}  // namespace remora::ndr
