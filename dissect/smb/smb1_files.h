#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "capture/base/bytes.h"
#include "dissect/smb/smb1.h"

/// Commands of SMB 1 that open, read, write, name and delete files, [MS-CIFS] 2.2.4. Each reader
/// takes one command's block; empty where its words are not those of the form.
namespace remora::smb {

/// NT_CREATE_ANDX 2.2.4.64, OPEN_ANDX 2.2.4.41, OPEN 2.2.4.3.
struct Smb1OpenRequest {
  std::string name{};
  bool deletes_on_close{false};
};
[[nodiscard]] std::optional<Smb1OpenRequest> read_smb1_open_request(const Smb1Block& block,
                                                                    bool unicode);
struct Smb1OpenResponse {
  std::uint16_t fid{0};
  std::uint64_t size{0};
};
[[nodiscard]] std::optional<Smb1OpenResponse> read_smb1_open_response(const Smb1Block& block);

/// READ_ANDX 2.2.4.42, READ 2.2.4.11.
struct Smb1ReadRequest {
  std::uint16_t fid{0};
  std::uint64_t offset{0};
};
[[nodiscard]] std::optional<Smb1ReadRequest> read_smb1_read_request(const Smb1Block& block);

/// Where the data of a message stands: READ_ANDX, READ responses, WRITE_ANDX 2.2.4.43, WRITE
/// 2.2.4.12 requests, TRANS_TRANSACT_NMPIPE 2.2.5.6 of either side. From the header on.
struct Smb1Data {
  std::size_t data_offset{0};
  std::size_t length{0};
  std::uint16_t fid{0};          ///< of a write
  std::uint64_t file_offset{0};  ///< of a write
  bool more{false};              ///< of a pipe's message, which other answers have
};
/// `block` may lack its bytes.
[[nodiscard]] std::optional<Smb1Data> read_smb1_data(const Smb1Block& block, bool is_response);

/// Two names, or one: RENAME 2.2.4.8, NT_RENAME 2.2.4.66, DELETE 2.2.4.7.
struct Smb1Names {
  std::string name{};
  std::string new_name{};
};
[[nodiscard]] std::optional<Smb1Names> read_smb1_names(const Smb1Block& block, bool unicode);

/// TRANS2_SET_FILE_INFORMATION 2.2.6.9, as far as it deletes or renames, also with the levels of
/// [MS-SMB] 2.2.2.3.5.
struct Smb1SetFile {
  std::uint16_t fid{0};
  std::optional<bool> delete_pending{};
  std::string new_name{};
};
[[nodiscard]] std::optional<Smb1SetFile> read_smb1_set_file(const Smb1Block& block,
                                                            ByteView message);

}  // namespace remora::smb
