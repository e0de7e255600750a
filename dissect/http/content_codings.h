#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "capture/base/bytes.h"
#include "dissect/http/inflater.h"

namespace remora::http {

/// The content codings of a body, RFC 9110 8.4, undone one after the other, the last first.
class ContentCodings {
 public:
  /// LIMIT: codings on top of each other.
  static constexpr std::size_t kMaxCodings = 3;

  /// Of the value of Content-Encoding; empty where there is none.
  explicit ContentCodings(std::string_view value);

  /// False for codings that are not read (br, zstd), and after damage or a limit.
  [[nodiscard]] bool readable() const { return readable_; }
  /// A limit was reached.
  [[nodiscard]] bool is_bomb() const;
  /// Bytes are missing: what was compressed cannot be read on.
  void on_gap() { readable_ = readable_ && inflaters_.empty(); }

  /// Hands what comes out of `bytes` to `take`, which says whether it wants more.
  template <typename Take>
  void decode(ByteView bytes, Take take) {
    if (readable_) { (void)decode_from(0, bytes, take); }
  }

 private:
  template <typename Take>
  [[nodiscard]] bool decode_from(std::size_t index, ByteView bytes, Take& take) {
    if (index == inflaters_.size()) { return take(bytes); }
    auto& inflater = *inflaters_[index];
    while (inflater.state() == Inflater::State::kReading &&
           (!bytes.empty() || inflater.has_more())) {
      const auto piece = inflater.next(bytes);
      if (!piece.empty() && !decode_from(index + 1, piece, take)) { return false; }
    }
    readable_ = readable_ && inflater.state() <= Inflater::State::kEnded;
    return readable_;
  }

  bool readable_{true};
  std::vector<std::unique_ptr<Inflater>> inflaters_;  ///< the last coding first
};

}  // namespace remora::http
