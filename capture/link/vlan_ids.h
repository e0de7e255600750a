#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace remora::capture {

/// The VLAN identifiers (12 bits) that a frame bore, outermost first.
class VlanIds {
 public:
  static constexpr std::size_t kKept = 4;  ///< LIMIT: of deeper stacks the outermost are kept

  void add(std::uint16_t id) {
    if (count_ < kKept) { ids_.at(count_++) = id; }
  }
  /// Borrowed from this object.
  [[nodiscard]] std::span<const std::uint16_t> ids() const { return std::span{ids_}.first(count_); }

  bool operator==(const VlanIds&) const = default;

 private:
  std::array<std::uint16_t, kKept> ids_{};
  std::uint8_t count_{0};
};

}  // namespace remora::capture
