#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "capture/base/bytes.h"
#include "capture/base/flow_key.h"
#include "capture/base/frame.h"
#include "dissect/conversation/findings.h"
#include "dissect/encoding/running_sha256.h"
#include "dissect/observation/assistance.h"

namespace remora::assistance {

/// One file at a time on one channel, [MS-RA] 3.9 and 3.10:
///
///   offered ── receiver: FILEXFERACK ──► moving ── sender: FILEXFEREND ──► over
///      └─ either: FILEXFERREJECT ──► over ◄── either: FILEXFERREJECT ─┘
///
/// Where only one side is readable, its half of this is told. State: counts and a running digest.
class FileChannel {
 public:
  explicit FileChannel(std::string name) : name_{std::move(name)} {}

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] bool over() const { return over_; }

  /// FILEXFER named this channel.
  void on_offer(Side sender, std::optional<std::uint64_t> size);
  /// A whole message: a word, or a block of the file.
  void on_message(Side from, ByteView message, Instant at, Findings& out);
  /// A stretch of a block that is larger than any word; `last` of the block.
  void on_block(Side from, ByteView bytes, bool last, Instant at, Findings& out);
  /// Something that this side sent is missing.
  void on_loss(Side from);

 private:
  void tell(observation::FileStep::Kind kind, Side from, Instant at, Findings& out) const;
  [[nodiscard]] bool is_word(ByteView message, std::string_view word) const;

  std::string name_;
  std::optional<Side> sender_;
  std::optional<std::uint64_t> announced_;
  std::uint64_t bytes_{0};
  std::uint64_t told_bytes_{0};
  encoding::RunningSha256 digest_;
  bool whole_{true};  ///< nothing of it was lost
  bool moving_{false};
  bool over_{false};
};

/// Whether channels of this name are for files: "RA_FX", "1000.1164891600",
/// "192.0.2.1.1164891600"; 2.2.1.2.
[[nodiscard]] bool is_file_channel(std::string_view name);

}  // namespace remora::assistance
