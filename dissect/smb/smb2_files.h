#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"
#include "dissect/smb/open_files.h"
#include "dissect/smb/smb2.h"

/// Bodies of the messages of SMB 2 and 3 that open, read, write, name and delete files. Each reader
/// begins behind the header; `message` begins with it, and offsets count from there.
namespace remora::smb {

/// 2.2.13.
struct Smb2CreateRequest {
  std::uint32_t create_options{0};
  std::string name{};  ///< below the share
  [[nodiscard]] bool deletes_on_close() const { return (create_options & 0x00001000U) != 0; }
};
[[nodiscard]] Smb2CreateRequest read_smb2_create_request(Cursor& in, ByteView message);

/// SMB2_FILEID, 2.2.14.1; without the session.
[[nodiscard]] FileKey read_smb2_file_id(Cursor& in);
/// In a related request: the file of the request before, 3.3.5.2.7.2.
[[nodiscard]] bool is_of_chain(const FileKey& key);

/// 2.2.14.
struct Smb2CreateResponse {
  std::uint64_t end_of_file{0};
  FileKey file{};
};
[[nodiscard]] Smb2CreateResponse read_smb2_create_response(Cursor& in);

/// 2.2.15.
[[nodiscard]] FileKey read_smb2_close_request(Cursor& in);

/// 2.2.19.
struct Smb2ReadRequest {
  std::uint32_t length{0};
  std::uint64_t offset{0};
  FileKey file{};
};
[[nodiscard]] Smb2ReadRequest read_smb2_read_request(Cursor& in);

/// Where the data of a READ response or WRITE request stands, from the header on. Only the fixed
/// part need be there.
struct Smb2Data {
  std::uint32_t data_offset{0};
  std::uint32_t length{0};
  std::uint64_t file_offset{0};  ///< of a WRITE
  FileKey file{};                ///< of a WRITE
};
inline constexpr std::size_t kSmb2ReadResponseBytes = 16;  ///< fixed part, 2.2.20
inline constexpr std::size_t kSmb2WriteRequestBytes = 48;  ///< fixed part, 2.2.21
[[nodiscard]] Smb2Data read_smb2_read_response(Cursor& in);
[[nodiscard]] Smb2Data read_smb2_write_request(Cursor& in);

/// FSCTL_PIPE_TRANSCEIVE, [MS-FSCC] 2.3.49: what is written to a pipe, and what is read from it, in
/// IOCTL, 2.2.31 and 2.2.32. Only the fixed part need be there; no data where it is another
/// control.
inline constexpr std::size_t kSmb2IoctlRequestBytes = 56;
inline constexpr std::size_t kSmb2IoctlResponseBytes = 48;
[[nodiscard]] Smb2Data read_smb2_transceive(Cursor& in, bool is_response);

/// 2.2.39, as far as it deletes or renames; [MS-FSCC] 2.4.11, 2.4.12, 2.4.42.
struct Smb2SetInfoRequest {
  FileKey file{};
  std::optional<bool> delete_pending{};
  std::string new_name{};  ///< below the share; empty when it is no rename
};
[[nodiscard]] Smb2SetInfoRequest read_smb2_set_info_request(Cursor& in, ByteView message);

/// Names with a server's and a share's before them (DFS), without these two.
[[nodiscard]] std::string without_dfs_prefix(const std::string& name);

}  // namespace remora::smb
