#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <zlib.h>

namespace remora::outputs::otlp {

/// Compresses whole texts, one at a time, for speed rather than size; its memory is used again.
class Gzip {
 public:
  Gzip();

  /// `bytes` as one gzip member, behind what `out` holds. Throws std::bad_alloc.
  void append(std::string_view bytes, std::string& out);

 private:
  struct End {
    void operator()(z_stream* stream) const;
  };
  std::unique_ptr<z_stream, End> stream_;
};

/// What the gzip member `bytes` holds; nothing where it is damaged, or holds more than `most`
/// bytes.
[[nodiscard]] std::optional<std::string> gunzip(std::string_view bytes, std::size_t most);

}  // namespace remora::outputs::otlp
