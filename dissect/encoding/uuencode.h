#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "capture/base/bytes.h"

namespace remora::encoding {

/// The file name of a line "begin 644 name", without its line end; nothing where the line is none
/// (POSIX uuencode, "The Historical Algorithm"). Borrows from the line.
[[nodiscard]] std::optional<std::string_view> uuencoded_name(std::string_view line);

/// Decodes the lines that follow it, as they come. Lenient: a line may lack the blanks at its end,
/// and what stands behind its data is passed over.
///
/// State: an unfinished group. The same text in other pieces gives the same bytes.
class UuencodeStream {
 public:
  /// Room that the output may need beyond the size of the input.
  static constexpr std::size_t kSlack = 3;

  struct Step {
    std::size_t used{0};  ///< of the input; all of it unless the end was met
    std::size_t made{0};
  };
  /// Decodes `in` into `out`, which has room for `in.size() + kSlack` bytes.
  [[nodiscard]] Step decode(ByteView in, std::span<std::byte> out);

  /// A line begins that is none of data, such as "end". Nothing of it was used.
  [[nodiscard]] bool finished() const { return finished_; }

 private:
  [[nodiscard]] std::size_t close_group(std::span<std::byte> out);

  std::array<std::uint8_t, 4> group_{};
  unsigned in_group_{0};
  unsigned left_{0};  ///< bytes that the line still has to give
  bool in_line_{false};
  bool finished_{false};
};

}  // namespace remora::encoding
