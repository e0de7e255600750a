#include "dissect/smb/smb1_files.h"

#include "dissect/encoding/utf16.h"

namespace remora::smb {
namespace {

constexpr std::uint8_t kString = 0x04;  // BufferFormat, [MS-CIFS] 2.2.1.1.2
constexpr std::uint32_t kDeleteOnClose = 0x00001000;
/// LIMIT: of a name that is set, in bytes.
constexpr std::size_t kMaxNameBytes = 2048;

constexpr std::size_t kSetFileInformation = 0x0008;  // subcommand of TRANSACTION2, 2.2.2.2
// Information levels, 2.2.2.3.4; [MS-SMB] 2.2.2.3.5 with [MS-FSCC] 2.4.
constexpr std::uint16_t kSetDisposition = 0x0102;
constexpr std::uint16_t kPassThrough = 0x03e8;
constexpr std::uint16_t kPassRename = kPassThrough + 10;
constexpr std::uint16_t kPassDisposition = kPassThrough + 13;

[[nodiscard]] std::size_t word_count(const Smb1Block& block) {
  return block.words.size() / 2;
}
[[nodiscard]] std::uint16_t word16(const Smb1Block& block, std::size_t index) {
  return static_cast<std::uint16_t>(smb1_word(block.words, index));
}
/// A number of 32 bits that begins at any byte of the words.
[[nodiscard]] std::uint32_t u32_at(ByteView words, std::size_t at) {
  if (at + 4 > words.size()) { return 0; }
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    value |= static_cast<std::uint32_t>(to_u8(words[at + i])) << (8 * i);
  }
  return value;
}
[[nodiscard]] std::uint32_t u32_of(const Smb1Block& block, std::size_t word) {
  return u32_at(block.words, word * 2);
}
[[nodiscard]] std::uint16_t u16_at(ByteView bytes, std::size_t at) {
  return at + 2 > bytes.size()
             ? std::uint16_t{0}
             : static_cast<std::uint16_t>(to_u8(bytes[at]) | to_u8(bytes[at + 1]) << 8U);
}

[[nodiscard]] std::string name_at(const Smb1Block& block, std::size_t position, bool unicode) {
  Smb1Text text{block, position, unicode};
  text.align();
  return text.next();
}

/// From the header on; empty when it is not all there.
[[nodiscard]] ByteView part_of(ByteView message, std::size_t offset, std::size_t size) {
  if (offset > message.size() || size > message.size() - offset) { return {}; }
  return message.subspan(offset, size);
}

[[nodiscard]] bool is_format(const Smb1Block& block) {
  return !block.bytes.empty() && to_u8(block.bytes[0]) == kString;
}

}  // namespace

std::optional<Smb1OpenRequest> read_smb1_open_request(const Smb1Block& block, bool unicode) {
  switch (block.command) {
    case Smb1Command::kNtCreateAndX:
      if (word_count(block) != 24) { break; }
      // CreateOptions stand behind AndX, Reserved, NameLength and nine more fields.
      return Smb1OpenRequest{.name = name_at(block, 0, unicode),
                             .deletes_on_close = (u32_at(block.words, 39) & kDeleteOnClose) != 0};
    case Smb1Command::kOpenAndX:
      if (word_count(block) != 15) { break; }
      return Smb1OpenRequest{.name = name_at(block, 0, unicode)};
    case Smb1Command::kOpen:
      if (word_count(block) != 2 || !is_format(block)) { break; }
      return Smb1OpenRequest{.name = name_at(block, 1, unicode)};
    default:
      break;
  }
  return std::nullopt;
}

std::optional<Smb1OpenResponse> read_smb1_open_response(const Smb1Block& block) {
  switch (block.command) {
    case Smb1Command::kNtCreateAndX:
      if (word_count(block) < 34) { break; }
      return Smb1OpenResponse{
          .fid = u16_at(block.words, 5),
          .size = u32_at(block.words, 55) | std::uint64_t{u32_at(block.words, 59)} << 32U};
    case Smb1Command::kOpenAndX:
      if (word_count(block) < 15) { break; }
      return Smb1OpenResponse{.fid = word16(block, 2), .size = u32_of(block, 6)};
    case Smb1Command::kOpen:
      if (word_count(block) != 7) { break; }
      return Smb1OpenResponse{.fid = word16(block, 0), .size = u32_of(block, 4)};
    default:
      break;
  }
  return std::nullopt;
}

std::optional<Smb1ReadRequest> read_smb1_read_request(const Smb1Block& block) {
  const auto words = word_count(block);
  if (block.command == Smb1Command::kReadAndX && (words == 10 || words == 12)) {
    const std::uint64_t high = words == 12 ? u32_of(block, 10) : 0;
    return Smb1ReadRequest{.fid = word16(block, 2), .offset = high << 32U | u32_of(block, 3)};
  }
  if (block.command == Smb1Command::kRead && words == 5) {
    return Smb1ReadRequest{.fid = word16(block, 0), .offset = u32_of(block, 2)};
  }
  return std::nullopt;
}

namespace {

/// TRANS_TRANSACT_NMPIPE, 2.2.5.6, in a transaction, 2.2.4.33.
std::optional<Smb1Data> transact_data(const Smb1Block& block, bool is_response) {
  constexpr std::uint16_t kTransactNamedPipe = 0x0026;
  if (is_response && word_count(block) >= 10) {
    const std::size_t length = word16(block, 6);
    return Smb1Data{.data_offset = word16(block, 7),
                    .length = length,
                    .more = word16(block, 8) + length < word16(block, 1)};
  }
  if (!is_response && word_count(block) == 16 && word16(block, 14) == kTransactNamedPipe) {
    return Smb1Data{
        .data_offset = word16(block, 12), .length = word16(block, 11), .fid = word16(block, 15)};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Smb1Data> read_smb1_data(const Smb1Block& block, bool is_response) {
  const auto words = word_count(block);
  if (block.command == Smb1Command::kReadAndX && is_response && words == 12) {
    // DataLengthHigh, [MS-SMB] 2.2.4.2.2.
    return Smb1Data{.data_offset = word16(block, 6),
                    .length = word16(block, 5) | std::size_t{word16(block, 7)} << 16U};
  }
  if (block.command == Smb1Command::kWriteAndX && !is_response && (words == 12 || words == 14)) {
    const std::uint64_t high = words == 14 ? u32_of(block, 12) : 0;
    return Smb1Data{.data_offset = word16(block, 11),
                    .length = word16(block, 10) | std::size_t{word16(block, 9)} << 16U,
                    .fid = word16(block, 2),
                    .file_offset = high << 32U | u32_of(block, 3)};
  }
  if (block.command == Smb1Command::kTransaction) { return transact_data(block, is_response); }
  // Behind the bytes' format and length.
  constexpr std::size_t kBeforeData = 3;
  const auto data_offset = block.bytes_offset + kBeforeData;
  if (block.command == Smb1Command::kRead && is_response && words == 5) {
    return Smb1Data{.data_offset = data_offset, .length = word16(block, 0)};
  }
  if (block.command == Smb1Command::kWrite && !is_response && words == 5) {
    return Smb1Data{.data_offset = data_offset,
                    .length = word16(block, 1),
                    .fid = word16(block, 0),
                    .file_offset = u32_of(block, 2)};
  }
  return std::nullopt;
}

std::optional<Smb1Names> read_smb1_names(const Smb1Block& block, bool unicode) {
  const std::size_t words = block.command == Smb1Command::kNtRename ? 4 : 1;
  if (word_count(block) != words || !is_format(block)) { return std::nullopt; }
  Smb1Text text{block, 1, unicode};
  text.align();
  Smb1Names names{.name = text.next()};
  if (block.command == Smb1Command::kDelete) { return names; }
  text.skip(1);  // BufferFormat2
  text.align();
  names.new_name = text.next();
  return names;
}

std::optional<Smb1SetFile> read_smb1_set_file(const Smb1Block& block, ByteView message) {
  if (block.command != Smb1Command::kTransaction2 || word_count(block) != 15 ||
      smb1_word(block.words, 14) != kSetFileInformation) {
    return std::nullopt;
  }
  const auto parameters = part_of(message, smb1_word(block.words, 10), smb1_word(block.words, 9));
  const auto data = part_of(message, smb1_word(block.words, 12), smb1_word(block.words, 11));
  if (parameters.size() < 4 || data.empty()) { return std::nullopt; }
  Smb1SetFile set{.fid = u16_at(parameters, 0)};
  const auto level = u16_at(parameters, 2);
  if (level == kSetDisposition || level == kPassDisposition) {
    set.delete_pending = (to_u8(data[0]) & 1U) != 0;
  } else if (level == kPassRename) {
    // FILE_RENAME_INFORMATION_TYPE_1, [MS-FSCC] 2.4.42.1.
    const auto size = u32_at(data, 8);
    const auto name = part_of(data, 12, size);
    if (name.size() <= kMaxNameBytes) { set.new_name = encoding::utf16le_to_utf8(name); }
  }
  return set;
}

}  // namespace remora::smb
