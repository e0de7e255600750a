#include "dissect/smb/smb2.h"

#include "dissect/encoding/utf16.h"

namespace remora::smb {
namespace {

// Flags, [MS-SMB2] 2.2.1.
constexpr std::uint32_t kServerToRedir = 0x00000001;
constexpr std::uint32_t kAsyncCommand = 0x00000002;
constexpr std::uint32_t kRelatedOperations = 0x00000004;
constexpr std::uint32_t kDfsOperations = 0x10000000;
constexpr std::size_t kMaxPathBytes = 2048;

/// Offset and size of a buffer, behind `skipped` bytes of the body.
[[nodiscard]] ByteView read_buffer(Cursor& in, ByteView message, std::size_t skipped) {
  in.skip(kSmb2HeaderBytes + skipped, "StructureSize");
  const std::size_t offset = in.u16le("BufferOffset");
  const std::size_t size = in.u16le("BufferLength");
  if (!in.ok() || offset < kSmb2HeaderBytes || offset > message.size() ||
      size > message.size() - offset) {
    return {};
  }
  return message.subspan(offset, size);
}

}  // namespace

Smb2Header read_smb2_header(Cursor& in) {
  in.skip(4, "ProtocolId");
  in.expect_u16le(kSmb2HeaderBytes, "StructureSize");
  in.skip(2, "CreditCharge");
  const auto status = in.u32le("Status");
  const auto command = Smb2Command{in.u16le("Command")};
  in.skip(2, "CreditRequest");
  const auto flags = in.u32le("Flags");
  Smb2Header header{.status = status,
                    .command = command,
                    .is_response = (flags & kServerToRedir) != 0,
                    .is_related = (flags & kRelatedOperations) != 0,
                    .is_dfs = (flags & kDfsOperations) != 0,
                    .next_command = in.u32le("NextCommand"),
                    .message_id = in.u64le("MessageId")};
  in.skip(4, "Reserved");
  const auto tree = in.u32le("TreeId");
  if ((flags & kAsyncCommand) == 0) { header.tree_id = tree; }
  header.session_id = in.u64le("SessionId");
  return header;
}

ByteView smb2_security_blob(ByteView message, bool is_response) {
  // Request: StructureSize, Flags, SecurityMode, Capabilities, Channel before the buffer's place;
  // response: StructureSize, SessionFlags.
  Cursor in{message};
  return read_buffer(in, message, is_response ? 4 : 12);
}

std::string smb2_tree_path(ByteView message) {
  Cursor in{message};
  const auto path = read_buffer(in, message, 4);  // StructureSize, Flags
  return path.size() > kMaxPathBytes ? std::string{} : encoding::utf16le_to_utf8(path);
}

}  // namespace remora::smb
