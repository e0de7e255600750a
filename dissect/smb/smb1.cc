#include "dissect/smb/smb1.h"

#include <algorithm>
#include <optional>

#include "dissect/encoding/text.h"
#include "dissect/encoding/utf16.h"

namespace remora::smb {
namespace {

constexpr std::uint8_t kReply = 0x80;           // Flags, [MS-CIFS] 2.2.3.1
constexpr std::uint16_t kUnicode = 0x8000;      // Flags2
constexpr std::uint8_t kNoMoreCommands = 0xff;  // AndXCommand
constexpr std::size_t kMaxChain = 4;
constexpr std::size_t kMaxTextBytes = 2048;
// Capabilities, [MS-SMB] 2.2.4.5.2.1.
constexpr std::uint32_t kUnicodeCapability = 0x00000004;
constexpr std::uint32_t kExtendedSecurity = 0x80000000;

// Words of the forms that are read: [MS-SMB] 2.2.4.6.1, 2.2.4.6.2;
// [MS-CIFS] 2.2.4.53.1, 2.2.4.52.2.
constexpr std::size_t kWordsSetupWithBlob = 12;
constexpr std::size_t kWordsSetupAnswerWithBlob = 4;
constexpr std::size_t kWordsSetupNtLm = 13;
constexpr std::size_t kWordsNegotiateNtLm = 17;
constexpr std::size_t kWordsTreeConnect = 4;

[[nodiscard]] bool has_words(const Smb1Block& block, std::size_t count) {
  return block.words.size() == count * 2;
}

void read_session_setup(const Smb1Block& block, const Smb1Header& header, Smb1Words& told) {
  if (header.is_response ? has_words(block, kWordsSetupAnswerWithBlob)
                         : has_words(block, kWordsSetupWithBlob)) {
    const auto size = smb1_word(block.words, header.is_response ? 3 : 7);  // SecurityBlobLength
    if (size <= block.bytes.size()) { told.security_blob = block.bytes.first(size); }
    return;
  }
  if (header.is_response || !has_words(block, kWordsSetupNtLm)) { return; }
  const auto passwords = smb1_word(block.words, 7) + smb1_word(block.words, 8);
  Smb1Text text{block, passwords, header.unicode};
  text.align();
  told.account = text.next();
  told.domain = text.next();
}

void read_tree_connect(const Smb1Block& block, const Smb1Header& header, Smb1Words& told) {
  if (header.is_response || !has_words(block, kWordsTreeConnect)) { return; }
  Smb1Text text{block, smb1_word(block.words, 3), header.unicode};  // PasswordLength
  text.align();
  told.tree_path = text.next();
}

/// NT LAN Manager response without extended security, [MS-CIFS] 2.2.4.52.2: challenge, domain, and,
/// from later servers, the server's name.
void read_negotiate_answer(const Smb1Block& block, const Smb1Header& header, Smb1Words& told) {
  if (!header.is_response || !has_words(block, kWordsNegotiateNtLm)) { return; }
  Cursor words{block.words};
  words.skip(19, "DialectIndex");
  const auto capabilities = words.u32le("Capabilities");
  words.skip(10, "SystemTime");
  const auto challenge_size = words.u8("ChallengeLength");
  if (!words.ok() || (capabilities & kExtendedSecurity) != 0) { return; }
  // SPEC: not aligned here, unlike other text of SMB 1, and Unicode by the capability alone where
  // Samba answers a client that has not yet said it (zeek smb1_transaction_response.pcap).
  const bool unicode = header.unicode || (capabilities & kUnicodeCapability) != 0;
  Smb1Text text{block, challenge_size, unicode};
  (void)text.next();  // DomainName
  told.server_name = text.next();
}

/// The AndX fields that begin the words of a chained command.
struct Chain {
  std::uint8_t command{kNoMoreCommands};
  std::size_t offset{0};
};

/// WordCount, words, ByteCount, bytes, from `offset` of the message.
[[nodiscard]] std::optional<Smb1Block> read_block(ByteView message, Smb1Command command,
                                                  std::size_t offset) {
  if (offset < kSmb1HeaderBytes || offset >= message.size()) { return std::nullopt; }
  Cursor in{message.subspan(offset)};
  const std::size_t words = in.u8("WordCount");
  Smb1Block block{.command = command, .words = in.bytes(words * 2, "Words"), .bytes = {}};
  const std::size_t size = in.u16le("ByteCount");
  if (!in.ok()) { return std::nullopt; }
  block.bytes_offset = offset + in.offset();
  block.bytes = in.bytes(std::min(size, in.remaining()), "Bytes");
  return block;
}

/// Of the commands that can be followed by another; the words of others mean something else.
[[nodiscard]] bool is_and_x(Smb1Command command) {
  switch (command) {
    case Smb1Command::kOpenAndX:
    case Smb1Command::kReadAndX:
    case Smb1Command::kWriteAndX:
    case Smb1Command::kSessionSetupAndX:
    case Smb1Command::kTreeConnectAndX:
    case Smb1Command::kNtCreateAndX:
      return true;
    default:
      return false;
  }
}

[[nodiscard]] Chain chain_of(const Smb1Block& block) {
  if (!is_and_x(block.command) || block.words.size() < 4) { return {}; }
  return {.command = to_u8(block.words[0]), .offset = smb1_word(block.words, 1)};
}

}  // namespace

Smb1Text::Smb1Text(const Smb1Block& block, std::size_t position, bool unicode)
    : rest_{block.bytes.subspan(std::min(position, block.bytes.size()))},
      at_{block.bytes_offset + position},
      unicode_{unicode} {}

void Smb1Text::align() {
  if (unicode_ && at_ % 2 != 0) { step(1); }
}

std::string Smb1Text::next() {
  std::size_t size = 0;
  const std::size_t unit = unicode_ ? 2 : 1;
  while (size + unit <= rest_.size() && !is_nul(size)) { size += unit; }
  const auto bytes = rest_.first(size);
  step(size + unit);
  if (size > kMaxTextBytes) { return {}; }
  return unicode_ ? encoding::utf16le_to_utf8(bytes) : encoding::to_utf8(bytes);
}

bool Smb1Text::is_nul(std::size_t at) const {
  return to_u8(rest_[at]) == 0 && (!unicode_ || to_u8(rest_[at + 1]) == 0);
}

void Smb1Text::step(std::size_t size) {
  rest_ = rest_.subspan(std::min(size, rest_.size()));
  at_ += size;
}

std::size_t smb1_word(ByteView words, std::size_t index) {
  if (words.size() < index * 2 + 2) { return 0; }
  return to_u8(words[index * 2]) | static_cast<std::size_t>(to_u8(words[index * 2 + 1])) << 8U;
}

Smb1Header read_smb1_header(Cursor& in) {
  in.skip(4, "Protocol");
  const auto command = Smb1Command{in.u8("Command")};
  const auto status = in.u32le("Status");
  const auto flags = in.u8("Flags");
  const auto flags2 = in.u16le("Flags2");
  in.skip(12, "PIDHigh");
  const auto tree = in.u16le("TID");
  const auto process = in.u16le("PIDLow");
  const auto user = in.u16le("UID");
  return {.command = command,
          .status = status,
          .is_response = (flags & kReply) != 0,
          .unicode = (flags2 & kUnicode) != 0,
          .tree = tree,
          .process = process,
          .user = user,
          .number = in.u16le("MID")};
}

std::vector<Smb1Block> read_smb1_blocks(ByteView message, const Smb1Header& header) {
  std::vector<Smb1Block> blocks;
  Chain next{.command = static_cast<std::uint8_t>(header.command), .offset = kSmb1HeaderBytes};
  while (blocks.size() < kMaxChain) {
    const auto block = read_block(message, Smb1Command{next.command}, next.offset);
    if (!block) { break; }
    blocks.push_back(*block);
    const auto following = chain_of(*block);
    if (following.command == kNoMoreCommands || following.offset <= next.offset) { break; }
    next = following;
  }
  return blocks;
}

Smb1Words read_smb1_message(Cursor& in) {
  Smb1Words told;
  const auto message = in.rest();
  const auto header = decode(message, read_smb1_header);
  if (!header) {
    in.fail("SMB_Header", "too short");
    return told;
  }
  for (const auto& block : read_smb1_blocks(message, *header)) {
    switch (block.command) {
      case Smb1Command::kNegotiate:
        read_negotiate_answer(block, *header, told);
        break;
      case Smb1Command::kSessionSetupAndX:
        read_session_setup(block, *header, told);
        break;
      case Smb1Command::kTreeConnectAndX:
        read_tree_connect(block, *header, told);
        break;
      default:
        break;
    }
  }
  return told;
}

}  // namespace remora::smb
