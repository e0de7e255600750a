#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "capture/base/bytes.h"
#include "capture/base/flow_key.h"
#include "capture/base/frame.h"
#include "dissect/conversation/findings.h"

namespace remora {

/// What came of a stream while its dissector awaits a key: the calls of its conversation, to be
/// made later, in their order and with their instants. So what is found is the same as if the key
/// had been there at once, or never had been hoped for.
///
/// State: copies of the stream's pieces.
class HeldCalls {
 public:
  /// LIMIT: of one side.
  static constexpr std::size_t kMaxSessionBytes = std::size_t{1} << 20U;
  static constexpr std::size_t kMaxOtherBytes = std::size_t{64} << 10U;
  /// LIMIT: of capture time that a key is hoped for. A program writes it when its handshake does;
  /// the rest is what it takes to bring the log here.
  static constexpr Nanoseconds kPatience = std::chrono::seconds{5};

  /// `from`: whose bytes were not read at `since`.
  HeldCalls(HeldBack what, Side from, Instant since) : what_{what}, from_{from}, since_{since} {}

  struct Call {
    Side from{};
    Instant at;
    std::vector<std::byte> bytes;
    std::uint64_t missing{0};  ///< instead of bytes
  };
  void add(Side from, ByteView bytes, Instant at);
  void add_gap(Side from, std::uint64_t size, Instant at);

  /// More is held, or for longer, than a key is worth.
  [[nodiscard]] bool is_too_much(Moment now) const;

  [[nodiscard]] HeldBack what() const { return what_; }
  [[nodiscard]] Side from() const { return from_; }
  [[nodiscard]] Instant since() const { return since_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_[0] + bytes_[1]; }
  [[nodiscard]] const std::vector<Call>& calls() const { return calls_; }
  /// What `other` holds comes behind what is held here.
  void append(HeldCalls&& other);

 private:
  HeldBack what_;
  Side from_;
  Instant since_;
  std::vector<Call> calls_;
  std::array<std::size_t, 2> bytes_{};  ///< by index_of(Side)
};

}  // namespace remora
