#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "capture/base/cursor.h"

namespace remora::drives {

/// MajorFunction, [MS-RDPEFS] 2.2.1.4: those that are read.
enum class Major : std::uint32_t {
  kCreate = 0x0,
  kClose = 0x2,
  kRead = 0x3,
  kWrite = 0x4,
  kQueryInformation = 0x5,
  kSetInformation = 0x6,
};

/// FsInformationClass, [MS-FSCC] 2.4: those that are read.
enum class InformationClass : std::uint32_t {
  kBasic = 4,
  kStandard = 5,
  kRename = 10,
  kDisposition = 13,
  kEndOfFile = 20,
  kAttributeTag = 35,
};

/// DR_DEVICE_IOREQUEST, 2.2.1.4, behind its RDPDR_HEADER.
struct IoRequest {
  std::uint32_t device;
  std::uint32_t file;
  std::uint32_t completion;
  Major major;
};

/// DR_CREATE_REQ, 2.2.1.4.1; the values are those of [MS-SMB2] 2.2.13.
struct Create {
  std::uint32_t access;
  std::uint32_t disposition;
  std::uint32_t options;
  std::string path;  ///< UTF-8; LIMIT `kMaxPath` bytes: of a longer one the end

  /// Whatever was in the file before is gone once it is open.
  [[nodiscard]] bool empties() const;
  /// It is opened to be changed, made or deleted.
  [[nodiscard]] bool changes() const;
  /// What is in it is wanted, and it is no directory.
  [[nodiscard]] bool reads_file() const;
  [[nodiscard]] bool is_directory() const;
  [[nodiscard]] bool deletes_on_close() const;
};
inline constexpr std::size_t kMaxPath = 1024;

/// DR_READ_REQ and DR_WRITE_REQ, 2.2.1.4.3 and 2.2.1.4.4: some bytes of a file.
struct Range {
  std::uint32_t length;
  std::uint64_t offset;
};
/// Offset: behind the end of the file, 2.2.1.4.4.
inline constexpr std::uint64_t kAppend = UINT64_MAX;

/// DR_DRIVE_QUERY_INFORMATION_REQ, 2.2.3.3.8.
struct Query {
  InformationClass what;
};

/// DR_DRIVE_SET_INFORMATION_REQ, 2.2.3.3.9.
struct Change {
  InformationClass what;
  std::string new_path{};                      ///< of kRename, as in Create
  bool deletes{false};                         ///< of kDisposition
  std::optional<std::uint64_t> end_of_file{};  ///< of kEndOfFile
};

// Behind the RDPDR_HEADER; the rest behind the IoRequest.

[[nodiscard]] IoRequest read_io_request(Cursor& in);
[[nodiscard]] Create read_create(Cursor& in);
/// Leaves the cursor where the bytes of a DR_WRITE_REQ begin.
[[nodiscard]] Range read_range(Cursor& in);
[[nodiscard]] Query read_query(Cursor& in);
[[nodiscard]] Change read_change(Cursor& in);

/// Where the bytes of a DR_WRITE_REQ begin, headers included.
inline constexpr std::size_t kWriteDataAt = 56;

}  // namespace remora::drives
