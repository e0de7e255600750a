#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/conversation/conversation.h"
#include "dissect/smb/family.h"
#include "tests/support/ticket_texts.h"

/// Messages about files, byte by byte as [MS-SMB2] 2.2 and [MS-CIFS] 2.2.4 lay them out, and what a
/// conversation of them tells.
namespace remora::smb {

/// Little-endian fields, one after the other.
class Laid {
 public:
  Laid& n(std::uint64_t value, std::size_t size) {
    for (std::size_t at = 0; at < size; ++at) {
      text_.push_back(static_cast<char>(value >> (8 * at) & 0xffU));
    }
    return *this;
  }
  Laid& zeros(std::size_t size) {
    text_.append(size, '\0');
    return *this;
  }
  Laid& text(std::string_view bytes) {
    text_ += bytes;
    return *this;
  }
  [[nodiscard]] const std::string& bytes() const { return text_; }

 private:
  std::string text_;
};

[[nodiscard]] inline std::string wide(std::string_view text) {
  std::string bytes;
  for (const char c : text) { bytes += {c, '\0'}; }
  return bytes;
}

/// The transport's header, [MS-SMB2] 2.1; big-endian.
[[nodiscard]] inline std::string on_transport(const std::string& message) {
  std::string head(4, '\0');
  head[1] = static_cast<char>(message.size() >> 16U);
  head[2] = static_cast<char>(message.size() >> 8U & 0xffU);
  head[3] = static_cast<char>(message.size() & 0xffU);
  return head + message;
}

/// What varies in a header, 2.2.1.
struct Head2 {
  std::uint64_t id{0};
  bool response{false};
  std::uint32_t status{0};
  std::uint32_t tree{5};
  std::uint64_t session{0x41};
  std::uint32_t flags{0};
  std::uint32_t next{0};
};
[[nodiscard]] inline std::string message2(std::uint16_t command, const Head2& head,
                                          const std::string& body) {
  return Laid{}
             .text("\xfeSMB")
             .n(64, 2)
             .n(1, 2)
             .n(head.status, 4)
             .n(command, 2)
             .n(1, 2)
             .n(head.flags | (head.response ? 1U : 0U), 4)
             .n(head.next, 4)
             .n(head.id, 8)
             .n(0xfeff, 4)
             .n(head.tree, 4)
             .n(head.session, 8)
             .zeros(16)
             .bytes() +
         body;
}

inline const std::string kFileId{"\1\2\3\4\5\6\7\x8\x9\xa\xb\xc\xd\xe\xf\x10"};
inline const std::string kChainFile(16, '\xff');

[[nodiscard]] inline std::string tree2(std::string_view path) {
  const auto name = wide(path);
  return Laid{}.n(9, 2).n(0, 2).n(72, 2).n(name.size(), 2).text(name).bytes();
}
[[nodiscard]] inline std::string create2(std::string_view path, std::uint32_t options = 0) {
  const auto name = wide(path);
  return Laid{}
      .n(57, 2)
      .zeros(34)
      .n(1, 4)
      .n(options, 4)
      .n(120, 2)
      .n(name.size(), 2)
      .zeros(8)
      .text(name)
      .bytes();
}
[[nodiscard]] inline std::string created2(std::uint64_t size, const std::string& id = kFileId) {
  return Laid{}.n(89, 2).zeros(46).n(size, 8).zeros(8).text(id).zeros(8).bytes();
}
[[nodiscard]] inline std::string close2(const std::string& id = kFileId) {
  return Laid{}.n(24, 2).zeros(6).text(id).bytes();
}
[[nodiscard]] inline std::string read2(std::uint64_t offset, std::uint32_t size,
                                       const std::string& id = kFileId) {
  return Laid{}.n(49, 2).zeros(2).n(size, 4).n(offset, 8).text(id).zeros(17).bytes();
}
[[nodiscard]] inline std::string data2(const std::string& content) {
  return Laid{}.n(17, 2).n(80, 1).zeros(1).n(content.size(), 4).zeros(8).text(content).bytes();
}
[[nodiscard]] inline std::string write2(std::uint64_t offset, const std::string& content,
                                        const std::string& id = kFileId) {
  return Laid{}
      .n(49, 2)
      .n(112, 2)
      .n(content.size(), 4)
      .n(offset, 8)
      .text(id)
      .zeros(16)
      .text(content)
      .bytes();
}
[[nodiscard]] inline std::string set_info2(std::uint8_t info_class, const std::string& buffer,
                                           const std::string& id = kFileId) {
  return Laid{}
      .n(33, 2)
      .n(1, 1)
      .n(info_class, 1)
      .n(buffer.size(), 4)
      .n(96, 2)
      .zeros(6)
      .text(id)
      .text(buffer)
      .bytes();
}
/// [MS-FSCC] 2.4.42.2.
[[nodiscard]] inline std::string rename2(std::string_view path) {
  const auto name = wide(path);
  return Laid{}.zeros(16).n(name.size(), 4).text(name).bytes();
}

/// SMB 1, [MS-CIFS] 2.2.3; words and bytes of one command.
[[nodiscard]] inline std::string message1(std::uint8_t command, std::uint16_t id, bool response,
                                          const std::string& words, const std::string& bytes = "",
                                          std::uint32_t status = 0) {
  return Laid{}
      .text("\xffSMB")
      .n(command, 1)
      .n(status, 4)
      .n(response ? 0x88 : 0x08, 1)
      .n(0xc801, 2)
      .zeros(12)
      .n(0x801, 2)
      .n(0xfeff, 2)
      .n(0x64, 2)
      .n(id, 2)
      .n(words.size() / 2, 1)
      .text(words)
      .n(bytes.size(), 2)
      .text(bytes)
      .bytes();
}
inline const std::string kNoChain{"\xff\0\0\0", 4};

struct Spoken {
  Side from;
  std::string bytes;
  bool is_last{false};  ///< the side sends its FIN behind it
};

/// "seen a.msrcIncident at \share\a up; deleted …"
[[nodiscard]] inline std::string files_told(const std::vector<Finding>& found) {
  std::string text;
  for (const auto& finding : found) {
    if (const auto* seen = std::get_if<observation::TicketSeen>(&finding.what)) {
      text += "seen " + seen->carriage.file_name + " at " + seen->carriage.place +
              (finding.from == Side::kInitiator ? " up; " : " down; ");
    } else if (const auto* refused = std::get_if<observation::TicketRefused>(&finding.what)) {
      text += "refused " + refused->carriage.file_name + "; ";
    } else if (const auto* deleted = std::get_if<observation::CopyDeleted>(&finding.what)) {
      text += "deleted " + deleted->carriage.place + "; ";
    } else if (const auto* moved = std::get_if<observation::CopyMoved>(&finding.what)) {
      text += "moved " + moved->carriage.place + " to " + moved->new_place + "; ";
    }
  }
  return text;
}

[[nodiscard]] inline std::string hear_files(const std::vector<Spoken>& talk,
                                            std::size_t piece = 1U << 20U) {
  const auto only = family();
  Conversation conversation{Families{&only, 1}};
  std::vector<Finding> found;
  for (const auto& spoken : talk) {
    for (ByteView rest = as_bytes(spoken.bytes); !rest.empty();) {
      const auto next = rest.first(std::min(piece, rest.size()));
      const std::vector<std::byte> copy(next.begin(), next.end());
      conversation.on_bytes(spoken.from, copy, {}, found);
      rest = rest.subspan(next.size());
    }
    if (spoken.is_last) { conversation.on_end(spoken.from, {}, found); }
  }
  return files_told(found);
}

/// However the stream is cut; and no harm in any damage.
inline void expect_files(const std::vector<Spoken>& talk, const std::string& expected) {
  for (const std::size_t piece : {1U, 2U, 3U, 50U, 1000U, 1U << 20U}) {
    EXPECT_EQ(hear_files(talk, piece), expected) << "pieces of " << piece;
  }
  for (std::size_t at = 0; at < talk.size(); ++at) {
    auto changed = talk;
    for (std::size_t byte = 0; byte < std::min<std::size_t>(talk[at].bytes.size(), 200); ++byte) {
      changed[at].bytes[byte] = static_cast<char>(changed[at].bytes[byte] ^ 0xff);
      (void)hear_files(changed);
      changed[at].bytes[byte] = talk[at].bytes[byte];
    }
  }
}

}  // namespace remora::smb
