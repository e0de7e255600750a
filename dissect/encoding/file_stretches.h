#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "capture/base/bytes.h"
#include "dissect/encoding/running_sha256.h"

namespace remora::encoding {

/// What was seen of a file whose bytes come as stretches in any order, some perhaps more than once:
/// how many there are, each counted once, and the digest of those that came in order from the
/// file's first byte on. The bytes themselves are not kept.
///
/// State: a running digest; LIMIT `kMaxApart` stretches with holes between them. Of more, bytes
/// that come again are counted again.
class FileStretches {
 public:
  static constexpr std::size_t kMaxApart = 64;

  /// Bytes that are in the file, from `offset` on. What of them was seen before is taken to be the
  /// same.
  void add_read(std::uint64_t offset, ByteView bytes);
  /// Bytes that are put into the file. Where some were put before, there is no digest any more:
  /// they may be others.
  void add_written(std::uint64_t offset, ByteView bytes);
  /// Something else changed the file: no digest any more.
  void spoil() { spoilt_ = true; }

  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  /// Behind the last of them.
  [[nodiscard]] std::uint64_t end() const { return end_; }
  /// All of a file of `size` bytes has been seen.
  [[nodiscard]] bool covers(std::uint64_t size) const;
  /// Of the whole file of `size` bytes, where all came in order.
  [[nodiscard]] std::optional<std::array<std::byte, 32>> digest_of(std::uint64_t size) const;

 private:
  struct Stretch {
    std::uint64_t begin;
    std::uint64_t end;
  };
  void count(std::uint64_t begin, std::uint64_t end);
  void digest(std::uint64_t offset, ByteView bytes);

  std::vector<Stretch> stretches_;  ///< in order, holes between them
  std::optional<RunningSha256> running_;
  std::uint64_t bytes_{0};
  std::uint64_t end_{0};
  std::uint64_t digested_{0};
  bool spoilt_{false};
};

}  // namespace remora::encoding
