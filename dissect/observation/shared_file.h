#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "dissect/observation/named_code.h"
#include "dissect/observation/ticket.h"

namespace remora::observation {

/// Something done to a file that one side shares with the other: on a redirected drive
/// ([MS-RDPEFS]) or by the clipboard ([MS-RDPECLIP]).
struct SharedFileStep {
  enum class Mechanism : std::uint8_t { kDrive, kClipboard };
  enum class Kind : std::uint8_t {
    kStarted,  ///< its bytes begin to move
    kEnded,    ///< it was closed, or all of it has moved
    kDeleted,
    kRenamed,  ///< from `name` to `new_name`
    kRefused,  ///< it was not opened: `status`
  };
  Mechanism mechanism{};
  Kind kind{};
  std::uint64_t id{0};     ///< of the transfer in this connection; kStarted and kEnded agree
  std::string name{};      ///< with its path as the wire gives it, "C:\\folder\\file"; UTF-8
  std::string new_name{};  ///< of kRenamed
  bool to_server{false};   ///< the bytes go from the RDP client to the server
  std::uint64_t bytes{0};  ///< of the file that moved so far, those moved twice counted once
  std::optional<std::uint64_t> size{};  ///< of the whole file, where it was told
  std::optional<Sha256> sha256{};       ///< of the whole file, where all of it was seen
  std::optional<NamedCode> status{};    ///< NTSTATUS of what failed
  bool operator==(const SharedFileStep&) const = default;
};

}  // namespace remora::observation
