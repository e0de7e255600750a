#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "capture/base/bytes.h"

namespace remora::http {

/// Undoes one content coding, gzip or deflate (RFC 9110 8.4.1), piece by piece, by zlib. "deflate"
/// is the zlib format, or, as some servers send it, deflate alone (RFC 1951): the first bytes tell.
/// gzip members one behind the other are one content (RFC 1952 2.2).
///
/// State: zlib's, about 45 KiB, until the end or the first damage. Gives the same bytes however
/// the input is cut.
class Inflater {
 public:
  /// LIMIT: bytes that may come out; and how many for each that went in, once more than
  /// kFreeBytes came. Text compresses tenfold, deflate ends at 1,032.
  static constexpr std::uint64_t kMaxBytes = std::uint64_t{64} << 20U;
  static constexpr std::uint64_t kFreeBytes = std::uint64_t{1} << 20U;
  static constexpr std::uint64_t kMaxRatio = 200;
  /// Bytes that come out at a time.
  static constexpr std::size_t kPieceBytes = std::size_t{16} << 10U;

  enum class Coding : std::uint8_t { kGzip, kDeflate };

  explicit Inflater(Coding coding);
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  Inflater(Inflater&&) = delete;
  Inflater& operator=(Inflater&&) = delete;
  ~Inflater();

  enum class State : std::uint8_t {
    kReading,
    kEnded,    ///< what follows is not compressed content
    kDamaged,  ///< not the format
    kBomb,     ///< a limit was reached
  };

  /// The next bytes that came out of `input`, at most kPieceBytes of them; `input` is stepped over
  /// what they came from. Call until it is empty or the state is not kReading. Borrowed until the
  /// next call.
  [[nodiscard]] ByteView next(ByteView& input);
  [[nodiscard]] State state() const { return state_; }
  /// True while more may come out without more going in.
  [[nodiscard]] bool has_more() const { return has_more_; }

 private:
  struct Stream;

  [[nodiscard]] bool begin(ByteView& input);
  [[nodiscard]] std::size_t inflate_into_piece(ByteView& input);
  void stop(State state);
  [[nodiscard]] bool begin_member(ByteView input);
  void settle(int result);

  Coding coding_;
  State state_{State::kReading};
  bool has_more_{false};
  bool between_members_{false};
  std::unique_ptr<Stream> stream_;
  std::vector<std::byte> piece_;
  std::vector<std::byte> first_;  ///< of "deflate", until both bytes of its header are there
  std::uint64_t in_{0};
  std::uint64_t out_{0};
};

}  // namespace remora::http
