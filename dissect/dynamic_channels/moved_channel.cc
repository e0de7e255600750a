#include "dissect/dynamic_channels/moved_channel.h"

#include <cstdint>

#include "capture/base/cursor.h"

namespace remora::dynamic_channels {
namespace {

/// RDPDR_HEADER of an I/O request or completion, [MS-RDPEFS] 2.2.1.4 and 2.2.1.5: what flows once
/// drives were announced.
bool is_of_drives(ByteView start) {
  constexpr std::uint16_t kCore = 0x4472;
  constexpr std::uint16_t kIoRequest = 0x4952;
  constexpr std::uint16_t kIoCompletion = 0x4943;
  Cursor in{start};
  const auto component = in.u16le("Component");
  const auto packet = in.u16le("PacketId");
  return in.ok() && component == kCore && (packet == kIoRequest || packet == kIoCompletion);
}

/// CLIPRDR_HEADER, [MS-RDPECLIP] 2.2.1, of a format list: with one everything begins.
bool is_of_clipboard(ByteView start, std::size_t total) {
  constexpr std::uint16_t kFormatList = 2;
  constexpr std::uint16_t kAsciiNames = 4;
  constexpr std::size_t kHeaderBytes = 8;
  constexpr std::size_t kMayFollow = 4;
  Cursor in{start};
  const auto type = in.u16le("msgType");
  const auto flags = in.u16le("msgFlags");
  const std::size_t size = in.u32le("dataLen");
  return in.ok() && type == kFormatList && (flags == 0 || flags == kAsciiNames) && size > 0 &&
         total >= kHeaderBytes + size && total <= kHeaderBytes + size + kMayFollow;
}

}  // namespace

std::string_view name_by_content(ByteView start, std::size_t total) {
  if (is_of_drives(start)) { return "rdpdr"; }
  return is_of_clipboard(start, total) ? "cliprdr" : "";
}

}  // namespace remora::dynamic_channels
