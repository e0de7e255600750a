#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "capture/base/frame.h"

namespace remora::capture {

/// What a read gave.
enum class ReadStatus : std::uint8_t {
  kFrame,      ///< one more frame
  kEnd,        ///< the capture ended where a record ended
  kTruncated,  ///< the capture ends inside a record; a warning, `error()` says where
  kFailed,     ///< what follows cannot be found or read; `error()` says where and why
};

/// Why a source ended otherwise than at its end.
struct SourceError {
  std::uint64_t byte_offset{0};  ///< of the record concerned; in the uncompressed bytes
  std::string reason;            ///< lower case, no full stop; does not repeat the offset

  /// "record length 4294967295 exceeds 262144 at byte 1066"
  [[nodiscard]] std::string to_text() const;
};

/// LIMIT: lengths that a capture may claim. Beyond them the file is taken to be damaged.
struct ReadLimits {
  std::uint32_t frame_bytes{256U << 10U};  ///< of one pcap record, as in libpcap and Wireshark
  std::uint32_t block_bytes{16U << 20U};   ///< of one pcapng block, likewise
  std::uint32_t interfaces{65536};         ///< pcapng interfaces remembered per section
};

/// Gives the frames of a capture one after the other, numbered from 1 as Wireshark numbers them.
/// Whatever came before an end of any kind was delivered. Nothing here throws for input.
class FrameSource {
 public:
  FrameSource() = default;
  FrameSource(const FrameSource&) = delete;
  FrameSource& operator=(const FrameSource&) = delete;
  FrameSource(FrameSource&&) = delete;
  FrameSource& operator=(FrameSource&&) = delete;
  virtual ~FrameSource() = default;

  /// Reads the next frame. `frame.bytes` is borrowed until the next call; `frame` is unchanged
  /// unless the answer is kFrame. After any other answer the same answer is given again.
  [[nodiscard]] virtual ReadStatus next(Frame& frame) = 0;

  /// From here on others may read the file ahead while this takes it apart: whoever calls what is
  /// returned reads a stretch; false where there is nothing to read just now. Any thread may call
  /// it while this lives. Null where nobody can: of a pipe, or if it was shared before.
  [[nodiscard]] virtual std::function<bool()> share_reading() { return nullptr; }

  /// Meaningful after kTruncated and kFailed.
  [[nodiscard]] const SourceError& error() const { return error_; }

  /// Records that contradict themselves (more captured bytes than their block holds, an interface
  /// nobody described) but whose end is plain; they were delivered with what they do hold.
  [[nodiscard]] std::uint64_t odd_records() const { return odd_records_; }

 protected:
  /// Keeps the reason and gives `status` back.
  ReadStatus stop(ReadStatus status, std::uint64_t byte_offset, std::string reason);
  void count_odd_record() { ++odd_records_; }

 private:
  SourceError error_;
  std::uint64_t odd_records_{0};
};

/// Link type of a frame whose interface its capture never described. No real link type.
inline constexpr LinkType kUnknownLink{0xffff'ffff};

}  // namespace remora::capture
