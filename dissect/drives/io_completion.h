#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "capture/base/cursor.h"
#include "dissect/drives/io_request.h"

namespace remora::drives {

/// DR_DEVICE_IOCOMPLETION, [MS-RDPEFS] 2.2.1.5, behind its RDPDR_HEADER.
struct IoCompletion {
  std::uint32_t device;
  std::uint32_t completion;
  std::uint32_t status;  ///< NTSTATUS, [MS-ERREF] 2.3

  /// Success, information or warning.
  [[nodiscard]] bool succeeded() const { return status < 0xc0000000; }
};

/// DR_CREATE_RSP, 2.2.1.5.1.
struct Created {
  std::uint32_t file;
  std::uint8_t information;  ///< 0 where it was left out
};

/// What a completed query tells, 2.2.3.4.8 and [MS-FSCC] 2.4.
struct Described {
  std::optional<std::uint64_t> end_of_file{};
  std::optional<bool> directory{};
};

// Behind the RDPDR_HEADER; the rest behind the IoCompletion.

[[nodiscard]] IoCompletion read_io_completion(Cursor& in);
[[nodiscard]] Created read_created(Cursor& in);
/// Length of DR_READ_RSP and DR_WRITE_RSP, 2.2.1.5.3 and 2.2.1.5.4.
[[nodiscard]] std::uint32_t read_moved(Cursor& in);
[[nodiscard]] Described read_described(Cursor& in, InformationClass what);

/// Where the bytes of a DR_READ_RSP begin, headers included.
inline constexpr std::size_t kReadDataAt = 20;

}  // namespace remora::drives
