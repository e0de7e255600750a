#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "dissect/observation/named_code.h"
#include "dissect/observation/ticket.h"

namespace remora::observation {

/// Something done to a file that one side shares with the other: on a redirected drive
/// ([MS-RDPEFS]) or by the clipboard ([MS-RDPECLIP]). The finding's `from` is whoever sends the
/// file's bytes, or would have; of kDeleted and kRenamed whoever asked for it.
struct SharedFileStep {
  enum class Mechanism : std::uint8_t { kDrive, kClipboard };
  enum class Kind : std::uint8_t {
    kStarted,   ///< its bytes begin to move
    kProgress,  ///< more of them moved; told while it is worth it
    kEnded,     ///< it was closed, or all of it has moved
    kDeleted,
    kRenamed,  ///< from `name` to `new_name`
    kRefused,  ///< it was not opened: `status`
  };
  Mechanism mechanism{};
  Kind kind{};
  std::uint64_t id{0};     ///< of the transfer in this connection; the first three kinds agree
  std::string name{};      ///< with its path as the wire gives it, "C:\\folder\\file"; UTF-8
  std::string new_name{};  ///< of kRenamed
  std::uint64_t bytes{0};  ///< of the file that moved so far, those moved twice counted once
  std::optional<std::uint64_t> size{};  ///< of the whole file, where it was told
  std::optional<Sha256> sha256{};       ///< of the whole file, where all of it was seen
  std::optional<NamedCode> status{};    ///< NTSTATUS, or response flags, of what failed
  bool lost{false};     ///< the capture lacks something: more may have moved than `bytes`
  bool cut_off{false};  ///< of kEnded: the drive, or the list of files, went before the file's end
  bool operator==(const SharedFileStep&) const = default;
};

}  // namespace remora::observation
