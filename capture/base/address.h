#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace remora {

/// An IPv4 or IPv6 address. IPv4 addresses order before IPv6 ones, each by its bytes.
class IpAddress {
 public:
  IpAddress() = default;  ///< 0.0.0.0
  [[nodiscard]] static IpAddress v4(std::span<const std::byte, 4> bytes);
  [[nodiscard]] static IpAddress v6(std::span<const std::byte, 16> bytes);
  /// What `v4` gives, in place. Written as the words that are read later: a processor that has to
  /// put a word together from what was just written in pieces waits, and every packet comes here.
  void assign_v4(std::span<const std::byte, 4> bytes) {
    std::array<std::uint64_t, 2> words{};
    std::memcpy(words.data(), bytes.data(), bytes.size());
    std::memcpy(bytes_.data(), words.data(), sizeof words);
    size_ = 4;
  }
  /// "10.0.0.1", "2001:db8::1"; empty when it is neither.
  [[nodiscard]] static std::optional<IpAddress> parse(std::string_view text);

  [[nodiscard]] bool is_v4() const { return size_ == 4; }
  /// 4 or 16 bytes in network order; borrowed from this address.
  [[nodiscard]] std::span<const std::byte> bytes() const { return std::span{bytes_}.first(size_); }
  /// Dotted decimal, or RFC 5952 for IPv6.
  [[nodiscard]] std::string to_text() const;

  // Compared word by word: every packet's flow is looked up by its addresses.
  [[nodiscard]] std::strong_ordering operator<=>(const IpAddress& other) const {
    if (size_ != other.size_) { return size_ <=> other.size_; }
    const auto upper = word<0>();
    const auto others_upper = other.word<0>();
    if (upper != others_upper) { return upper <=> others_upper; }
    return word<8>() <=> other.word<8>();
  }
  [[nodiscard]] bool operator==(const IpAddress& other) const {
    return ((word<0>() ^ other.word<0>()) | (word<8>() ^ other.word<8>())) == 0 &&
           size_ == other.size_;
  }

  /// The first and the last eight of 16 bytes as numbers that order as the bytes do; the unused
  /// ones of an IPv4 address are zero.
  [[nodiscard]] std::uint64_t upper() const { return word<0>(); }
  [[nodiscard]] std::uint64_t lower() const { return word<8>(); }

 private:
  /// Eight bytes from `kAt` as a number, most significant first: numbers order as the bytes do.
  template <std::size_t kAt>
  [[nodiscard]] std::uint64_t word() const {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes_.data() + kAt, sizeof value);
    if constexpr (std::endian::native == std::endian::little) { value = __builtin_bswap64(value); }
    return value;
  }

  std::uint8_t size_{4};
  std::array<std::byte, 16> bytes_{};
};

/// 48-bit link address.
struct MacAddress {
  std::array<std::byte, 6> bytes{};
  /// "00:0c:29:12:34:56"
  [[nodiscard]] std::string to_text() const;
  auto operator<=>(const MacAddress&) const = default;
};

/// A TCP or UDP port, host order.
enum class Port : std::uint16_t {};

[[nodiscard]] constexpr std::uint16_t to_number(Port port) {
  return static_cast<std::uint16_t>(port);
}

/// One end of a flow.
struct SocketAddress {
  IpAddress address;
  Port port{};
  /// "10.0.0.1:3389", "[2001:db8::1]:3389"
  [[nodiscard]] std::string to_text() const;
  auto operator<=>(const SocketAddress&) const = default;  // NOLINT(modernize-use-nullptr)
};

}  // namespace remora
