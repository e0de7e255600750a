#include "dissect/rdp/fast_path.h"

#include <array>
#include <optional>

namespace remora::rdp {
namespace {

/// eventCode, 2.2.8.1.2.2.
enum class InputCode : std::uint8_t {
  kScancode = 0,
  kMouse = 1,
  kMouseX = 2,
  kSync = 3,
  kUnicode = 4,
  kRelativeMouse = 5,
  kQoeTimestamp = 6,
};

/// FASTPATH_INPUT_KBDFLAGS_RELEASE, 2.2.8.1.2.2.1 and 2.2.8.1.2.2.2.
constexpr std::uint8_t kRelease = 0x01;

struct EventShape {
  std::uint8_t data_bytes;  ///< behind eventHeader
  std::uint8_t flags;       ///< that it can have
};

/// By eventCode.
constexpr std::array<EventShape, 7> kShapes{{{.data_bytes = 1, .flags = 0x07},
                                             {.data_bytes = 6, .flags = 0},
                                             {.data_bytes = 6, .flags = 0},
                                             {.data_bytes = 0, .flags = 0x0f},
                                             {.data_bytes = 2, .flags = 0x01},
                                             {.data_bytes = 6, .flags = 0},
                                             {.data_bytes = 4, .flags = 0}}};

constexpr std::size_t code_of(std::uint8_t event_header) {
  return event_header >> 5U;
}
constexpr std::uint8_t flags_of(std::uint8_t event_header) {
  return event_header & 0x1fU;
}

void count(InputCode code, std::uint8_t flags, InputCount& input) {
  switch (code) {
    case InputCode::kScancode:
    case InputCode::kUnicode:
      if ((flags & kRelease) == 0) { ++input.keys; }
      break;
    case InputCode::kMouse:
    case InputCode::kMouseX:
    case InputCode::kRelativeMouse:
      ++input.pointer;
      break;
    case InputCode::kSync:
    case InputCode::kQoeTimestamp:
      break;
  }
}

/// The size of the update at the start of `bytes`, its header included; `left` bytes are there in
/// all. Empty where there is none, 0 where it takes more of its bytes to tell.
std::optional<std::size_t> update_size(ByteView bytes, std::size_t left) {
  constexpr std::uint8_t kLastCode = 0x0c;  // FASTPATH_UPDATETYPE_LARGE_POINTER
  constexpr unsigned kCompressionUsed = 2;
  if (bytes.empty()) { return 0; }
  const auto header = to_u8(bytes[0]);
  const unsigned compression = header >> 6U;
  if ((header & 0x0fU) > kLastCode || (compression != 0 && compression != kCompressionUsed)) {
    return {};
  }
  const std::size_t before_size = compression == kCompressionUsed ? 2 : 1;
  if (left < before_size + 2) { return {}; }
  if (bytes.size() < before_size + 2) { return 0; }
  const auto size =
      before_size + 2 +
      (to_u8(bytes[before_size]) | static_cast<std::size_t>(to_u8(bytes[before_size + 1])) << 8U);
  return size <= left ? std::optional{size} : std::nullopt;
}

}  // namespace

FastPathSecurity read_fast_path_security(Cursor& in, EncryptedForm form) {
  std::uint8_t padding = 0;
  if (form == EncryptedForm::kFips) {
    in.skip(2, "length");
    in.skip(1, "version");
    padding = in.u8("padlen");
  }
  return {.fips_padding = padding, .data_signature = in.bytes(8, "dataSignature")};
}

InputCount read_fast_path_input(Cursor& in, std::uint8_t number_events) {
  InputCount input;
  const auto events = number_events != 0 ? number_events : in.u8("numEvents");
  for (int event = 0; event < events && in.ok(); ++event) {
    const auto header = in.u8("eventHeader");
    if (code_of(header) >= kShapes.size()) {
      in.fail("eventHeader", "a code that no event has");
      break;
    }
    in.skip(kShapes.at(code_of(header)).data_bytes, "eventData");
    if (in.ok()) {
      count(InputCode{static_cast<std::uint8_t>(code_of(header))}, flags_of(header), input);
    }
  }
  return input;
}

bool may_be_fast_path_input(ByteView first, std::size_t size, std::uint8_t number_events) {
  std::size_t at = 0;
  if (number_events == 0) {
    if (first.empty()) { return size > 0; }
    number_events = to_u8(first[at++]);
  }
  for (int event = 0; event < number_events; ++event) {
    if (at >= size) { return false; }
    if (at >= first.size()) { return true; }
    const auto header = to_u8(first[at]);
    if (code_of(header) >= kShapes.size()) { return false; }
    const auto shape = kShapes.at(code_of(header));
    if ((flags_of(header) & ~unsigned{shape.flags}) != 0) { return false; }
    at += 1U + shape.data_bytes;
  }
  return at == size && size > 0;
}

bool may_be_fast_path_output(ByteView first, std::size_t size) {
  std::size_t at = 0;
  while (at < size && at < first.size()) {
    const auto update = update_size(first.subspan(at), size - at);
    if (!update.has_value()) { return false; }
    if (*update == 0) { return true; }
    at += *update;
  }
  return size > 0;
}

}  // namespace remora::rdp
