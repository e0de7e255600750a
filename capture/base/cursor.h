#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "capture/base/bytes.h"
#include "capture/base/result.h"

namespace remora {

/// Reads fields from left to right out of borrowed bytes.
///
/// A read past the end turns the cursor into a failed one that stays failed: every later read gives
/// zero (or no bytes), and the first error is kept. Readers therefore have no error branches;
/// `decode` looks once, at the end. Field names are string literals and must outlive the cursor.
///
/// A child made by `sub` is bounded by its own size and reports its first error into its parent.
class Cursor {
 public:
  explicit Cursor(ByteView bytes) : bytes_{bytes} {}

  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;
  Cursor(Cursor&&) = delete;
  Cursor& operator=(Cursor&&) = delete;
  ~Cursor() = default;

  [[nodiscard]] std::uint8_t u8(const char* field) {
    return static_cast<std::uint8_t>(little(1, field));
  }
  [[nodiscard]] std::uint16_t u16le(const char* field) {
    return static_cast<std::uint16_t>(little(2, field));
  }
  [[nodiscard]] std::uint32_t u32le(const char* field) {
    return static_cast<std::uint32_t>(little(4, field));
  }
  [[nodiscard]] std::uint64_t u64le(const char* field) { return little(8, field); }
  [[nodiscard]] std::int32_t i32le(const char* field) {
    return static_cast<std::int32_t>(u32le(field));
  }
  [[nodiscard]] std::uint16_t u16be(const char* field) {
    return static_cast<std::uint16_t>(big(2, field));
  }
  [[nodiscard]] std::uint32_t u24be(const char* field) {
    return static_cast<std::uint32_t>(big(3, field));
  }
  [[nodiscard]] std::uint32_t u32be(const char* field) {
    return static_cast<std::uint32_t>(big(4, field));
  }
  [[nodiscard]] std::uint64_t u64be(const char* field) { return big(8, field); }

  /// Fields at the end of a block that older peers leave out. Empty, and no error, when not even
  /// the first byte is there.
  [[nodiscard]] std::optional<std::uint8_t> u8_if_present(const char* field) {
    return at_end() ? std::nullopt : std::optional{u8(field)};
  }
  [[nodiscard]] std::optional<std::uint16_t> u16le_if_present(const char* field) {
    return at_end() ? std::nullopt : std::optional{u16le(field)};
  }
  [[nodiscard]] std::optional<std::uint32_t> u32le_if_present(const char* field) {
    return at_end() ? std::nullopt : std::optional{u32le(field)};
  }

  /// Exactly `size` bytes, borrowed from the input; empty when they are not all there.
  [[nodiscard]] ByteView bytes(std::size_t size, const char* field) { return take(size, field); }

  void skip(std::size_t size, const char* field) { (void)take(size, field); }

  /// All that is left; may be empty.
  [[nodiscard]] ByteView rest() { return ok() ? take(remaining(), "rest") : ByteView{}; }

  /// Fails unless the next byte is `value`.
  void expect_u8(std::uint8_t value, const char* field) {
    const auto at = offset();
    if (u8(field) != value) { fail_at(at, field, "unexpected value"); }
  }
  void expect_u16le(std::uint16_t value, const char* field) {
    const auto at = offset();
    if (u16le(field) != value) { fail_at(at, field, "unexpected value"); }
  }
  void expect_u16be(std::uint16_t value, const char* field) {
    const auto at = offset();
    if (u16be(field) != value) { fail_at(at, field, "unexpected value"); }
  }

  /// A reader bounded to the next `size` bytes, which this cursor steps over at once. An error in
  /// the child fails this cursor too, with the child's name before the field's.
  [[nodiscard]] Cursor sub(std::size_t size, const char* name) {
    return Cursor{take(size, name), this, name};
  }

  /// Declares the input wrong for a reason that only the reader knows. The first error stays.
  void fail(const char* field, std::string_view reason) { fail_at(offset(), field, reason); }

  /// Everything it was given, read or not.
  [[nodiscard]] ByteView all() const { return bytes_; }
  [[nodiscard]] bool ok() const { return !failed_; }
  [[nodiscard]] bool at_end() const { return failed_ || position_ == bytes_.size(); }
  /// Bytes not yet read; 0 once failed.
  [[nodiscard]] std::size_t remaining() const { return failed_ ? 0 : bytes_.size() - position_; }
  /// From the start of the outermost input.
  [[nodiscard]] std::size_t offset() const { return start_ + position_; }
  /// The next byte without reading it; empty at the end.
  [[nodiscard]] std::optional<std::uint8_t> peek_u8() const {
    return at_end() ? std::nullopt : std::optional{to_u8(bytes_[position_])};
  }
  /// The first error; only meaningful when not `ok()`.
  [[nodiscard]] const ReadError& error() const { return error_; }

 private:
  Cursor(ByteView bytes, Cursor* parent, const char* name)
      : bytes_{bytes},
        start_{parent->offset() - bytes.size()},
        failed_{parent->failed_},
        parent_{parent},
        name_{name},
        error_{parent->error_} {}

  [[nodiscard]] ByteView take(std::size_t size, const char* field) {
    if (failed_) { return {}; }
    if (size > bytes_.size() - position_) {
      fail_short(size, field);
      return {};
    }
    const auto taken = bytes_.subspan(position_, size);
    position_ += size;
    return taken;
  }

  [[nodiscard]] std::uint64_t little(std::size_t size, const char* field) {
    const auto taken = take(size, field);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < taken.size(); ++i) {
      value |= static_cast<std::uint64_t>(to_u8(taken[i])) << (8 * i);
    }
    return value;
  }

  [[nodiscard]] std::uint64_t big(std::size_t size, const char* field) {
    std::uint64_t value = 0;
    for (const auto b : take(size, field)) { value = (value << 8) | to_u8(b); }
    return value;
  }

  void fail_short(std::size_t wanted, const char* field);
  void fail_at(std::size_t at, const char* field, std::string_view reason);
  void adopt(ReadError error);

  ByteView bytes_;
  std::size_t position_{0};
  std::size_t start_{0};
  bool failed_{false};
  Cursor* parent_{nullptr};
  const char* name_{""};
  ReadError error_;
};

/// The checked edge: runs `read` over `bytes` and gives its value, or the first error met.
/// Bytes that the reader leaves unread are not an error (a tap is lenient).
template <typename Reader, typename... Arguments>
[[nodiscard]] auto decode(ByteView bytes, Reader&& read, Arguments&&... arguments)
    -> Result<decltype(read(std::declval<Cursor&>(), arguments...))> {
  Cursor in{bytes};
  auto value = read(in, std::forward<Arguments>(arguments)...);
  if (!in.ok()) { return tl::unexpected{in.error()}; }
  return value;
}

}  // namespace remora
