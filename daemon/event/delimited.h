#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace remora {

/// Adds `frame` to `out`, behind a varint of its length as protobuf writes it.
void append_delimited(std::string& out, std::string_view frame);

/// Cuts a stream of such frames. Nothing is allocated before its bytes are there.
///
/// LIMIT: frames of more than `most` bytes are an error; no more than one of them, and what was
/// appended last, is held.
class DelimitedReader {
 public:
  explicit DelimitedReader(std::size_t most) : most_{most} {}

  void append(std::string_view bytes);
  /// The next whole frame, which lives until the next `append`; nothing while it is not whole; or
  /// what is wrong, after which the stream is of no use.
  [[nodiscard]] tl::expected<std::optional<std::string_view>, std::string> next();
  /// From here on.
  void limit(std::size_t most) { most_ = most; }
  /// Bytes that no frame has taken yet.
  [[nodiscard]] std::size_t held_bytes() const { return bytes_.size() - read_; }

 private:
  std::size_t most_;
  std::string bytes_;
  std::size_t read_{0};  ///< of `bytes_`, by frames
};

}  // namespace remora
