#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "capture/base/cursor.h"

namespace remora::clipboard {

/// msgType of CLIPRDR_HEADER, [MS-RDPECLIP] 2.2.1: those that are read.
enum class MessageType : std::uint16_t {
  kFormatList = 0x2,
  kFormatDataRequest = 0x4,
  kFormatDataResponse = 0x5,
  kCapabilities = 0x7,
  kFileContentsRequest = 0x8,
  kFileContentsResponse = 0x9,
  kLock = 0xa,
  kUnlock = 0xb,
};

/// CLIPRDR_HEADER, 2.2.1.
struct Header {
  MessageType type;
  std::uint16_t flags;
  std::uint32_t data_bytes;  ///< behind the header; up to four bytes more may follow

  [[nodiscard]] bool failed() const;  ///< CB_RESPONSE_FAIL
  [[nodiscard]] bool ascii_names() const;
};
inline constexpr std::size_t kHeaderBytes = 8;
inline constexpr std::uint16_t kResponseFail = 0x2;

/// How the names of a format list are written, 2.2.3.1.
enum class NameForm : std::uint8_t { kShort, kLong, kUnknown };

/// CLIPRDR_FILECONTENTS_REQUEST, 2.2.5.3.
struct ContentsRequest {
  std::uint32_t stream{0};
  std::uint32_t index{0};  ///< of the file in its list, from 0
  bool size{false};        ///< FILECONTENTS_SIZE; else FILECONTENTS_RANGE
  std::uint64_t offset{0};
  std::uint32_t length{0};              ///< at most
  std::optional<std::uint32_t> lock{};  ///< clipDataId
};

/// CLIPRDR_FILEDESCRIPTOR, 2.2.5.2.3.1.
struct FileDescriptor {
  std::string name{};  ///< with the folders below what was copied, "folder\file"; UTF-8
  std::optional<std::uint64_t> size{};
  bool directory{false};
};
inline constexpr std::size_t kDescriptorBytes = 592;

[[nodiscard]] Header read_header(Cursor& in);

// What follows the header.

/// CLIPRDR_CAPS, 2.2.2.1: whether long names of formats are supported.
[[nodiscard]] bool read_long_names(Cursor& in);
/// CLIPRDR_FORMAT_LIST, 2.2.3.1: the id of the list of files, where there is one.
[[nodiscard]] std::optional<std::uint32_t> read_file_list_format(Cursor& in, NameForm form,
                                                                 bool ascii);
[[nodiscard]] ContentsRequest read_contents_request(Cursor& in);
[[nodiscard]] FileDescriptor read_file_descriptor(Cursor& in);

}  // namespace remora::clipboard
