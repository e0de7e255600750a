#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "capture/base/bytes.h"
#include "capture/base/flow_key.h"
#include "dissect/rdp/security/fips_direction.h"
#include "dissect/rdp/security/opened.h"
#include "dissect/rdp/security/rc4_direction.h"
#include "dissect/rdp/security/sealed_data.h"
#include "dissect/rdp/security/session_keys.h"

namespace remora::rdp {

/// Opens the PDUs of a connection with Standard RDP Security, [MS-RDPBCGR] 5.3, whose keys are
/// known. Slow path and fast path of a side share one cipher.
///
/// State: two directions, the last plaintext (LIMIT: the largest PDU, 64 KiB), wiped.
class StandardSecurity {
 public:
  /// `client` is the side that encrypts with the client's key.
  StandardSecurity(const SessionKeys& keys, Side client);
  StandardSecurity(const StandardSecurity&) = delete;
  StandardSecurity& operator=(const StandardSecurity&) = delete;
  StandardSecurity(StandardSecurity&&) = delete;
  StandardSecurity& operator=(StandardSecurity&&) = delete;
  ~StandardSecurity();

  /// Each encrypted PDU of each side, in order.
  struct Opening {
    Opened how{};
    std::optional<ByteView> plaintext;  ///< borrowed until the next call
  };
  [[nodiscard]] Opening open(Side from, const SealedData& pdu);

  /// So many bytes of the side were not read: holes, and what was no PDU.
  void lose(Side from, std::uint64_t bytes);

 private:
  using Direction = std::variant<Rc4Direction, FipsDirection>;

  std::array<Direction, 2> directions_;  ///< by index_of(Side)
  std::vector<std::byte> plaintext_;
};

}  // namespace remora::rdp
