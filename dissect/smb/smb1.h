#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"

/// Messages of SMB 1, [MS-CIFS] 2.2 and [MS-SMB] 2.2. Little-endian; offsets count from the header.
namespace remora::smb {

/// Command of the header, [MS-CIFS] 2.2.2.1, as far as read.
enum class Smb1Command : std::uint8_t {
  kOpen = 0x02,
  kClose = 0x04,
  kDelete = 0x06,
  kRename = 0x07,
  kRead = 0x0a,
  kWrite = 0x0b,
  kTransaction = 0x25,
  kOpenAndX = 0x2d,
  kReadAndX = 0x2e,
  kWriteAndX = 0x2f,
  kTransaction2 = 0x32,
  kNegotiate = 0x72,
  kSessionSetupAndX = 0x73,
  kTreeConnectAndX = 0x75,
  kNtCreateAndX = 0xa2,
  kNtRename = 0xa5,
};

/// SMB_Header, [MS-CIFS] 2.2.3.1.
struct Smb1Header {
  Smb1Command command{};
  std::uint32_t status{0};  ///< 0 is success, whether NT or DOS codes are spoken
  bool is_response{false};
  bool unicode{false};
  std::uint16_t tree{0};     ///< TID
  std::uint16_t process{0};  ///< PIDLow
  std::uint16_t user{0};     ///< UID
  std::uint16_t number{0};   ///< MID
};
inline constexpr std::size_t kSmb1HeaderBytes = 32;

[[nodiscard]] Smb1Header read_smb1_header(Cursor& in);

/// One command of an AndX chain, [MS-CIFS] 2.2.3.4: its words, AndX fields first, and its bytes.
struct Smb1Block {
  Smb1Command command{};
  ByteView words;
  ByteView bytes;
  std::size_t bytes_offset{0};  ///< from the header: Unicode text stands at even ones
};

/// The commands of a message, which begins with its header, as far as they are all there. LIMIT:
/// four of a chain.
[[nodiscard]] std::vector<Smb1Block> read_smb1_blocks(ByteView message, const Smb1Header& header);

/// Word `index` of a block's words, or 0 where there are fewer.
[[nodiscard]] std::size_t smb1_word(ByteView words, std::size_t index);

/// Text up to its NUL; Unicode begins at an even offset from the header.
class Smb1Text {
 public:
  Smb1Text(const Smb1Block& block, std::size_t position, bool unicode);

  /// Steps over the byte that may stand before Unicode text.
  void align();
  void skip(std::size_t size) { step(size); }
  [[nodiscard]] std::string next();

 private:
  [[nodiscard]] bool is_nul(std::size_t at) const;
  void step(std::size_t size);

  ByteView rest_;
  std::size_t at_;
  bool unicode_;
};

/// What a message tells. Empty where it does not.
struct Smb1Words {
  ByteView security_blob{};  ///< of a session setup; borrowed from the message
  std::string account;       ///< of a session setup without blob
  std::string domain;
  std::string tree_path;    ///< of a tree connect request
  std::string server_name;  ///< of a negotiate response without extended security
};

/// All that stands in the message, which begins with its header.
[[nodiscard]] Smb1Words read_smb1_message(Cursor& in);

}  // namespace remora::smb
