#pragma once

#include <type_traits>

namespace remora::rdp {

/// A field of flag bits. Keeps bits that have no name here.
template <typename Bit>
class Flags {
 public:
  using Raw = std::underlying_type_t<Bit>;

  constexpr Flags() = default;
  constexpr explicit Flags(Raw raw) : raw_{raw} {}

  [[nodiscard]] constexpr bool has(Bit bit) const { return (raw_ & static_cast<Raw>(bit)) != 0; }
  [[nodiscard]] constexpr Raw raw() const { return raw_; }

  bool operator==(const Flags&) const = default;

 private:
  Raw raw_{0};
};

}  // namespace remora::rdp
