#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "capture/base/bytes.h"

namespace remora::testing {

/// Writes a capture field by field in one byte order. Shares nothing with the readers.
class Layout {
 public:
  explicit Layout(std::endian order = std::endian::little) : order_{order} {}

  Layout& u8(std::uint8_t value) { return number(value, 1); }
  Layout& u16(std::uint16_t value) { return number(value, 2); }
  Layout& u32(std::uint32_t value) { return number(value, 4); }
  Layout& u64(std::uint64_t value) { return number(value, 8); }
  Layout& text(std::string_view text) {
    const auto bytes = as_bytes(text);
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return *this;
  }
  Layout& add(const Layout& other) {
    bytes_.insert(bytes_.end(), other.bytes_.begin(), other.bytes_.end());
    return *this;
  }
  Layout& pad(std::size_t multiple) {
    while (bytes_.size() % multiple != 0) { u8(0); }
    return *this;
  }

  /// File header of pcap 2.4.
  Layout& pcap_header(std::uint32_t magic = 0xa1b2c3d4, std::uint32_t link = 1,
                      std::uint16_t minor = 4) {
    return u32(magic).u16(2).u16(minor).u64(0).u32(262144).u32(link);
  }
  Layout& pcap_record(std::uint32_t seconds, std::uint32_t part, std::string_view data,
                      std::uint32_t original_length = 0) {
    const auto size = static_cast<std::uint32_t>(data.size());
    return u32(seconds)
        .u32(part)
        .u32(size)
        .u32(original_length == 0 ? size : original_length)
        .text(data);
  }

  /// A pcapng block around `body`, which is padded.
  Layout& block(std::uint32_t type, Layout body) {
    body.pad(4);
    const auto length = static_cast<std::uint32_t>(body.bytes_.size() + 12);
    return u32(type).u32(length).add(body).u32(length);
  }
  Layout& section(std::uint16_t major = 1) {
    return block(0x0a0d0d0a, same().u32(0x1a2b3c4d).u16(major).u16(0).u64(~std::uint64_t{0}));
  }
  Layout& interface(std::uint16_t link, std::uint32_t snap, const Layout& options) {
    return block(1, same().u16(link).u16(0).u32(snap).add(options));
  }
  Layout& interface(std::uint16_t link = 1) { return interface(link, 0, same()); }
  Layout& enhanced(std::uint32_t interface, std::uint64_t ticks, std::string_view data) {
    const auto size = static_cast<std::uint32_t>(data.size());
    return block(6, same()
                        .u32(interface)
                        .u32(static_cast<std::uint32_t>(ticks >> 32U))
                        .u32(static_cast<std::uint32_t>(ticks))
                        .u32(size)
                        .u32(size)
                        .text(data));
  }
  /// An empty layout of the same byte order.
  [[nodiscard]] Layout same() const { return Layout{order_}; }

  [[nodiscard]] const std::vector<std::byte>& bytes() const { return bytes_; }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }

 private:
  Layout& number(std::uint64_t value, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) {
      const auto shift = 8 * (order_ == std::endian::little ? i : size - 1 - i);
      bytes_.push_back(static_cast<std::byte>(value >> shift));
    }
    return *this;
  }

  std::endian order_;
  std::vector<std::byte> bytes_;
};

}  // namespace remora::testing
