#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "capture/base/bytes.h"

namespace remora {

/// A header of known size: its length is checked once, every offset afterwards at compile time.
/// Judges nothing. Borrows its bytes for as long as they live.
template <std::size_t Size>
class FixedView {
 public:
  /// Empty when there are fewer than `Size` bytes.
  [[nodiscard]] static std::optional<FixedView> of(ByteView bytes) {
    if (bytes.size() < Size) { return std::nullopt; }
    return FixedView{bytes.template first<Size>()};
  }

  template <std::size_t Offset>
  [[nodiscard]] std::uint8_t u8() const {
    static_assert(Offset < Size);
    return to_u8(bytes_[Offset]);
  }
  template <std::size_t Offset>
  [[nodiscard]] std::uint16_t u16be() const {
    static_assert(Offset + 2 <= Size);
    return static_cast<std::uint16_t>((u8<Offset>() << 8) | u8<Offset + 1>());
  }
  template <std::size_t Offset>
  [[nodiscard]] std::uint16_t u16le() const {
    static_assert(Offset + 2 <= Size);
    return static_cast<std::uint16_t>((u8<Offset + 1>() << 8) | u8<Offset>());
  }
  template <std::size_t Offset>
  [[nodiscard]] std::uint32_t u32be() const {
    return (static_cast<std::uint32_t>(u16be<Offset>()) << 16) | u16be<Offset + 2>();
  }
  template <std::size_t Offset>
  [[nodiscard]] std::uint32_t u32le() const {
    return (static_cast<std::uint32_t>(u16le<Offset + 2>()) << 16) | u16le<Offset>();
  }
  template <std::size_t Offset, std::size_t Length>
  [[nodiscard]] std::span<const std::byte, Length> bytes() const {
    static_assert(Offset + Length <= Size);
    return bytes_.template subspan<Offset, Length>();
  }

 private:
  explicit FixedView(std::span<const std::byte, Size> bytes) : bytes_{bytes} {}
  std::span<const std::byte, Size> bytes_;
};

}  // namespace remora
