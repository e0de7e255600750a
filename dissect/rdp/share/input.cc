#include "dissect/rdp/share/input.h"

namespace remora::rdp {
namespace {

/// messageType, 2.2.8.1.1.3.1.1.
enum class InputType : std::uint16_t {
  kScancode = 0x0004,
  kUnicode = 0x0005,
  kMouse = 0x8001,
  kMouseX = 0x8002,
  kRelativeMouse = 0x8004,
};

constexpr std::uint16_t kKeyRelease = 0x8000;  // KBDFLAGS_RELEASE

/// TS_INPUT_EVENT: of one size, whatever its type.
void read_event(Cursor& in, InputCount& input) {
  in.skip(4, "eventTime");
  const InputType type{in.u16le("messageType")};
  const auto flags = in.u16le("slowPathInputData");
  in.skip(4, "slowPathInputData");
  if (!in.ok()) { return; }
  switch (type) {
    case InputType::kScancode:
    case InputType::kUnicode:
      if ((flags & kKeyRelease) == 0) { ++input.keys; }
      break;
    case InputType::kMouse:
    case InputType::kMouseX:
    case InputType::kRelativeMouse:
      ++input.pointer;
      break;
    default:
      break;
  }
}

}  // namespace

InputCount read_input(Cursor& in) {
  InputCount input;
  const auto events = in.u16le("numEvents");
  in.skip(2, "pad2Octets");
  for (int event = 0; event < events && in.ok(); ++event) { read_event(in, input); }
  return input;
}

}  // namespace remora::rdp
