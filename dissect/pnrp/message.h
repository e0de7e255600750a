#pragma once

#include <cstdint>
#include <optional>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"
#include "dissect/pnrp/elements.h"
#include "dissect/pnrp/pnrp_id.h"

namespace remora::pnrp {

/// MessageType, [MS-PNRP] 2.2.1. Any value may occur.
enum class MessageType : std::uint8_t {
  kSolicit = 0x01,
  kAdvertise = 0x02,
  kRequest = 0x03,
  kFlood = 0x04,
  kInquire = 0x07,
  kAuthority = 0x08,
  kAck = 0x09,
  kLookup = 0x0b,
};

/// By content: the header of 2.2.1, whose first seven bytes never vary, and a type of its list.
[[nodiscard]] bool is_pnrp(ByteView datagram);

/// A message, as far as its elements are of interest; which there are depends on its type.
struct Message {
  static constexpr std::uint8_t kRegistration = 1;  ///< REASON_REGISTRATION, 2.2.2.8

  MessageType type{};
  std::uint32_t id{0};
  std::optional<std::uint32_t> acked_id{};
  std::optional<std::uint8_t> lookup_reason{};
  std::optional<PnrpId> target{};
  std::optional<PnrpId> validate{};
  std::optional<RouteEntry> route_entry{};
  std::optional<ByteView> revoked_cpa{};  ///< Encoded CPA; borrowed

  /// A piece of an AUTHORITY_BUFFER, 2.2.2.6.
  struct Fragment {
    std::uint16_t size{0};  ///< of the whole buffer
    std::uint16_t offset{0};
    ByteView bytes{};  ///< borrowed
  };
  std::optional<Fragment> fragment{};
};

/// LIMIT: elements of one message; none has more than six kinds.
inline constexpr std::size_t kMaxElements = 32;
[[nodiscard]] Message read_message(Cursor& in);

}  // namespace remora::pnrp
