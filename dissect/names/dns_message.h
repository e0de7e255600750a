#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "capture/base/address.h"
#include "capture/base/bytes.h"
#include "capture/base/cursor.h"

namespace remora::names {

/// TYPE of a record and QTYPE of a question, RFC 1035 3.2.2, RFC 3596 2.1, RFC 1002 4.2.1.3. Any
/// value may occur.
enum class RecordType : std::uint16_t {
  kA = 1,
  kCname = 5,
  kPtr = 12,
  kAaaa = 28,
  kNetBiosName = 32,    ///< NB
  kNetBiosStatus = 33,  ///< NBSTAT
  kOpt = 41,            ///< RFC 6891 6.1.1
  kTsig = 250,          ///< RFC 8945 4.2
  kIxfr = 251,
  kAxfr = 252,
};

inline constexpr std::uint16_t kClassInternet = 1;
inline constexpr std::size_t kDnsHeaderBytes = 12;

/// OPCODE: RFC 1035 4.1.1, and those of RFC 1002 4.2.1.1.
enum class Opcode : std::uint8_t {
  kQuery = 0,
  kRegistration = 5,
  kRelease = 6,
  kRefresh = 8,
  kRefreshAlternative = 9,  ///< RFC 1002 4.2.4 has both
  kMultihomedRegistration = 15,
};

/// RFC 1035 4.1.1, shared by mDNS, LLMNR and the NetBIOS name service. Big-endian.
struct DnsHeader {
  std::uint16_t id{0};
  std::uint16_t flags{0};
  std::uint16_t questions{0};
  std::uint16_t answers{0};
  std::uint16_t authorities{0};
  std::uint16_t additionals{0};

  [[nodiscard]] bool is_response() const { return (flags & 0x8000U) != 0; }
  [[nodiscard]] Opcode opcode() const {
    return Opcode{static_cast<std::uint8_t>((flags >> 11U) & 15U)};
  }
  [[nodiscard]] std::uint8_t response_code() const { return flags & 15U; }
  /// A response to a query that could be answered.
  [[nodiscard]] bool is_positive_answer() const {
    return is_response() && opcode() == Opcode::kQuery && response_code() == 0;
  }
};

/// RFC 1035 4.1.2.
struct Question {
  std::string name;
  RecordType type{};
  std::uint16_t klass{0};
  bool operator==(const Question&) const = default;
};

/// RFC 1035 4.1.3. `data` is borrowed from the message.
struct Record {
  std::string owner;
  RecordType type{};
  std::uint16_t klass{0};
  std::chrono::seconds ttl{0};
  ByteView data;
  std::optional<IpAddress> address{};  ///< of A and AAAA records of the right size
  std::string target{};                ///< of CNAME and PTR records
};

struct DnsMessage {
  DnsHeader header;
  std::vector<Question> questions;
  std::vector<Record> answers;
  std::vector<Record> additionals;  ///< only when asked for
  bool damaged{false};              ///< the records end where one could not be read
};

enum class Sections : std::uint8_t { kAnswers, kAll };

[[nodiscard]] DnsHeader read_dns_header(Cursor& in);

/// The first `sections` of the message that `in` reads from its start; `message` are the same
/// bytes. LIMIT: 16 questions; what follows the first 64 records is not read.
[[nodiscard]] DnsMessage read_dns_message(Cursor& in, ByteView message, Sections sections);

/// The message in `bytes`, with the records before any damage or a snap length; empty when not even
/// the questions can be read.
[[nodiscard]] std::optional<DnsMessage> to_dns_message(ByteView bytes, Sections sections);

/// The header at the start of `bytes`; empty when there is not even that.
[[nodiscard]] std::optional<DnsHeader> to_dns_header(ByteView bytes);

}  // namespace remora::names
