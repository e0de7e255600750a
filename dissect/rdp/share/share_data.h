#pragma once

#include <cstdint>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"

namespace remora::rdp {

/// pduType2, [MS-RDPBCGR] 2.2.8.1.1.1.2. Any value may occur.
enum class ShareDataType : std::uint8_t {
  kUpdate = 0x02,
  kControl = 0x14,
  kPointer = 0x1b,
  kInput = 0x1c,
  kSynchronize = 0x1f,
  kRefreshRect = 0x21,
  kPlaySound = 0x22,
  kSuppressOutput = 0x23,
  kShutdownRequest = 0x24,
  kShutdownDenied = 0x25,
  kSaveSessionInfo = 0x26,
  kFontList = 0x27,
  kFontMap = 0x28,
  kSetKeyboardIndicators = 0x29,
  kBitmapCachePersistentList = 0x2b,
  kBitmapCacheError = 0x2c,
  kSetKeyboardImeStatus = 0x2d,
  kOffscreenCacheError = 0x2e,
  kSetErrorInfo = 0x2f,
  kDrawNinegridError = 0x30,
  kDrawGdiplusError = 0x31,
  kArcStatus = 0x32,
  kStatusInfo = 0x36,
  kMonitorLayout = 0x37,
  kFrameAcknowledge = 0x38,
};

/// The rest of TS_SHAREDATAHEADER after the share control header, and its payload.
struct ShareDataPdu {
  std::uint32_t share_id;
  std::uint8_t stream_id;
  std::uint16_t uncompressed_length;
  ShareDataType type;
  std::uint8_t compressed_type;     ///< bulk compression flags; 20h PACKET_COMPRESSED
  std::uint16_t compressed_length;  ///< with the 18 bytes of headers; 0 when not compressed
  ByteView payload;                 ///< borrowed

  [[nodiscard]] bool is_compressed() const { return (compressed_type & 0x20U) != 0; }
};

/// Reads `ShareControlPdu::body` of a Data PDU.
[[nodiscard]] ShareDataPdu read_share_data_pdu(Cursor& in);

}  // namespace remora::rdp
