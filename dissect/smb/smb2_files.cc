#include "dissect/smb/smb2_files.h"

#include "dissect/encoding/utf16.h"

namespace remora::smb {
namespace {

/// LIMIT: of a path, in bytes of UTF-16; Windows knows 32,767 characters, none of ours has so many.
constexpr std::size_t kMaxNameBytes = 8192;

constexpr std::uint8_t kFileInfo = 0x01;  // SMB2_0_INFO_FILE
// FILE_INFORMATION_CLASS, [MS-FSCC] 2.4.
constexpr std::uint8_t kRename = 10;
constexpr std::uint8_t kDisposition = 13;
constexpr std::uint8_t kDispositionEx = 64;
constexpr std::uint8_t kRenameEx = 65;

constexpr std::uint64_t kAllOnes = ~std::uint64_t{0};

[[nodiscard]] ByteView part_of(ByteView message, std::size_t offset, std::size_t size) {
  if (offset < kSmb2HeaderBytes || offset > message.size() || size > message.size() - offset) {
    return {};
  }
  return message.subspan(offset, size);
}

[[nodiscard]] std::string name_of(ByteView bytes) {
  return bytes.size() > kMaxNameBytes ? std::string{} : encoding::utf16le_to_utf8(bytes);
}

/// FILE_RENAME_INFORMATION_TYPE_2, [MS-FSCC] 2.4.42.2.
[[nodiscard]] std::string read_rename(Cursor& in) {
  in.skip(8, "ReplaceIfExists");
  in.skip(8, "RootDirectory");
  const auto size = in.u32le("FileNameLength");
  return name_of(in.bytes(size, "FileName"));
}

}  // namespace

Smb2CreateRequest read_smb2_create_request(Cursor& in, ByteView message) {
  in.skip(40, "StructureSize");  // up to CreateOptions
  Smb2CreateRequest request{.create_options = in.u32le("CreateOptions")};
  const std::size_t offset = in.u16le("NameOffset");
  const std::size_t size = in.u16le("NameLength");
  if (in.ok()) { request.name = name_of(part_of(message, offset, size)); }
  return request;
}

FileKey read_smb2_file_id(Cursor& in) {
  const auto persistent = in.u64le("FileId.Persistent");
  return {.session = 0, .persistent = persistent, .transient = in.u64le("FileId.Volatile")};
}

bool is_of_chain(const FileKey& key) {
  return key.persistent == kAllOnes && key.transient == kAllOnes;
}

Smb2CreateResponse read_smb2_create_response(Cursor& in) {
  in.skip(48, "StructureSize");  // up to EndofFile
  const auto end_of_file = in.u64le("EndofFile");
  in.skip(8, "FileAttributes");
  return {.end_of_file = end_of_file, .file = read_smb2_file_id(in)};
}

FileKey read_smb2_close_request(Cursor& in) {
  in.skip(8, "StructureSize");
  return read_smb2_file_id(in);
}

Smb2ReadRequest read_smb2_read_request(Cursor& in) {
  in.skip(4, "StructureSize");
  const auto length = in.u32le("Length");
  const auto offset = in.u64le("Offset");
  return {.length = length, .offset = offset, .file = read_smb2_file_id(in)};
}

Smb2Data read_smb2_read_response(Cursor& in) {
  in.skip(2, "StructureSize");
  const std::uint32_t offset = in.u8("DataOffset");
  in.skip(1, "Reserved");
  const auto length = in.u32le("DataLength");
  return {.data_offset = offset, .length = length};
}

Smb2Data read_smb2_write_request(Cursor& in) {
  in.skip(2, "StructureSize");
  const std::uint32_t data_offset = in.u16le("DataOffset");
  const auto length = in.u32le("Length");
  const auto file_offset = in.u64le("Offset");
  return {.data_offset = data_offset,
          .length = length,
          .file_offset = file_offset,
          .file = read_smb2_file_id(in)};
}

Smb2SetInfoRequest read_smb2_set_info_request(Cursor& in, ByteView message) {
  in.skip(2, "StructureSize");
  const auto type = in.u8("InfoType");
  const auto file_class = in.u8("FileInfoClass");
  const std::size_t size = in.u32le("BufferLength");
  const std::size_t offset = in.u16le("BufferOffset");
  in.skip(6, "AdditionalInformation");
  Smb2SetInfoRequest request{.file = read_smb2_file_id(in)};
  if (!in.ok() || type != kFileInfo) { return request; }
  Cursor buffer{part_of(message, offset, size)};
  if (file_class == kDisposition || file_class == kDispositionEx) {
    // FILE_DISPOSITION_DELETE is the lowest bit, of a byte or of four.
    const auto flags = buffer.u8("DeletePending");
    if (buffer.ok()) { request.delete_pending = (flags & 1U) != 0; }
  } else if (file_class == kRename || file_class == kRenameEx) {
    request.new_name = read_rename(buffer);
  }
  return request;
}

std::string without_dfs_prefix(const std::string& name) {
  const auto server = name.find_first_not_of('\\');
  const auto share = name.find('\\', server);
  if (server == std::string::npos || share == std::string::npos) { return name; }
  const auto path = name.find('\\', share + 1);
  return path == std::string::npos ? std::string{} : name.substr(path + 1);
}

Smb2Data read_smb2_transceive(Cursor& in, bool is_response) {
  constexpr std::uint32_t kPipeTransceive = 0x0011c017;
  in.skip(4, "StructureSize");
  const auto control = in.u32le("CtlCode");
  Smb2Data data{.file = read_smb2_file_id(in)};
  const auto input_offset = in.u32le("InputOffset");
  const auto input_count = in.u32le("InputCount");
  if (!is_response) { in.skip(4, "MaxInputResponse"); }
  const auto output_offset = in.u32le("OutputOffset");
  const auto output_count = in.u32le("OutputCount");
  if (control != kPipeTransceive) { return {}; }
  data.data_offset = is_response ? output_offset : input_offset;
  data.length = is_response ? output_count : input_count;
  return data;
}

}  // namespace remora::smb
