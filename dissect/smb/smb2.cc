#include "dissect/smb/smb2.h"

#include "dissect/encoding/utf16.h"

namespace remora::smb {
namespace {

constexpr std::uint32_t kServerToRedir = 0x00000001;  // Flags, [MS-SMB2] 2.2.1.2
constexpr std::size_t kMaxCompound = 8;
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
  return {.status = status,
          .command = command,
          .is_response = (flags & kServerToRedir) != 0,
          .next_command = in.u32le("NextCommand")};
}

std::vector<ByteView> split_smb2_compound(ByteView message) {
  std::vector<ByteView> parts;
  while (parts.size() < kMaxCompound) {
    const auto header = decode(message, read_smb2_header);
    if (!header) { break; }
    const std::size_t next = header->next_command;
    const bool is_last = next < kSmb2HeaderBytes || next > message.size();
    parts.push_back(is_last ? message : message.first(next));
    if (is_last) { break; }
    message = message.subspan(next);
  }
  return parts;
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
