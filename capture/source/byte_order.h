#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "capture/base/fixed_view.h"

namespace remora::capture {

/// Of the machine that wrote a capture.
enum class ByteOrder : std::uint8_t { kLittle, kBig };

/// A fixed view whose byte order is known when the file is read. Judges nothing.
template <std::size_t Size>
class OrderedView {
 public:
  /// Empty when there are fewer than `Size` bytes.
  [[nodiscard]] static std::optional<OrderedView> of(ByteView bytes, ByteOrder order) {
    const auto view = FixedView<Size>::of(bytes);
    if (!view.has_value()) { return std::nullopt; }
    return OrderedView{*view, order};
  }

  template <std::size_t Offset>
  [[nodiscard]] std::uint16_t u16() const {
    return order_ == ByteOrder::kLittle ? view_.template u16le<Offset>()
                                        : view_.template u16be<Offset>();
  }
  template <std::size_t Offset>
  [[nodiscard]] std::uint32_t u32() const {
    return order_ == ByteOrder::kLittle ? view_.template u32le<Offset>()
                                        : view_.template u32be<Offset>();
  }

 private:
  OrderedView(FixedView<Size> view, ByteOrder order) : view_{view}, order_{order} {}

  FixedView<Size> view_;
  ByteOrder order_;
};

}  // namespace remora::capture
