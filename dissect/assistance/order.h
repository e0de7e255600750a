#pragma once

#include <cstdint>
#include <string>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"
#include "dissect/observation/assistance.h"

namespace remora::assistance {

/// ORDER_HDR.Type, [MS-RDPEMC] 2.2.1. Any value may occur.
enum class OrderType : std::uint16_t {
  kFilterStateUpdated = 0x0001,
  kAppRemoved = 0x0002,
  kAppCreated = 0x0003,
  kWndRemoved = 0x0004,
  kWndCreated = 0x0005,
  kWndShow = 0x0006,
  kParticipantRemoved = 0x0007,
  kParticipantCreated = 0x0008,
  kParticipantCtrlChange = 0x0009,
  kGraphicsStreamPaused = 0x000a,
  kGraphicsStreamResumed = 0x000b,
  kWndRegionUpdate = 0x000c,
  kParticipantCtrlChangeResponse = 0x000d,
};

/// A PDU of the channel "encomsp". Several may stand in one message.
struct Order {
  OrderType type;
  ByteView body;  ///< behind the header; longer than known where the peer is newer; borrowed
};

[[nodiscard]] Order read_order(Cursor& in);

// Bodies.
[[nodiscard]] observation::ParticipantSeen read_participant_created(Cursor& in);
[[nodiscard]] observation::ParticipantLeft read_participant_removed(Cursor& in);
[[nodiscard]] observation::ControlLevel read_control_change(Cursor& in);
[[nodiscard]] observation::ControlLevel read_control_change_response(Cursor& in);

}  // namespace remora::assistance
