#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace remora {

/// Where the next PDU of a stream ends: whole, needs more bytes, or lost (these bytes cannot be the
/// start of a PDU). The only place where "not enough yet" exists; readers see whole PDUs.
class Extent {
 public:
  /// The PDU is the first `size` bytes (at least 1).
  [[nodiscard]] static Extent whole(std::size_t size) { return Extent{Kind::kWhole, size, {}}; }
  /// Not all there yet; `size` is the PDU's size if already known, else 0.
  [[nodiscard]] static Extent more(std::size_t size = 0) { return Extent{Kind::kMore, size, {}}; }
  /// `why` is a literal.
  [[nodiscard]] static Extent lost(std::string_view why) { return Extent{Kind::kLost, 0, why}; }

  [[nodiscard]] bool is_whole() const { return kind_ == Kind::kWhole; }
  [[nodiscard]] bool needs_more() const { return kind_ == Kind::kMore; }
  [[nodiscard]] bool is_lost() const { return kind_ == Kind::kLost; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::string_view why() const { return why_; }

 private:
  enum class Kind : std::uint8_t { kWhole, kMore, kLost };
  Extent(Kind kind, std::size_t size, std::string_view why) : kind_{kind}, size_{size}, why_{why} {}
  Kind kind_;
  std::size_t size_;
  std::string_view why_;
};

}  // namespace remora
