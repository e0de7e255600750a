#include "dissect/rdp/gcc/client_core.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "dissect/encoding/utf16.h"
#include "dissect/rdp/flags.h"

namespace remora::rdp {
namespace {

constexpr std::size_t kClientNameBytes = 32;
constexpr std::size_t kImeFileNameBytes = 64;
constexpr std::size_t kDigProductIdBytes = 64;

/// Where each optional field ends, in bytes behind imeFileName.
constexpr auto kTailEnds =
    std::to_array<std::size_t>({2, 4, 8, 10, 12, 14, 78, 79, 80, 84, 88, 92, 94, 98, 102});

/// Bytes of the tail up to the end of its last whole field.
[[nodiscard]] std::size_t whole_fields(std::size_t tail_bytes) {
  const auto* end = std::upper_bound(kTailEnds.begin(), kTailEnds.end(), tail_bytes);
  return end == kTailEnds.begin() ? 0 : *(end - 1);
}

[[nodiscard]] std::optional<std::string> read_dig_product_id(Cursor& in) {
  if (in.at_end()) { return std::nullopt; }
  return encoding::utf16le_to_utf8(in.bytes(kDigProductIdBytes, "clientDigProductId"));
}

[[nodiscard]] std::string read_text(Cursor& in, std::size_t size, const char* field) {
  return encoding::utf16le_to_utf8(in.bytes(size, field));
}

void read_tail(Cursor& in, ClientCore& core) {
  core.post_beta2_color_depth = in.u16le_if_present("postBeta2ColorDepth");
  core.client_product_id = in.u16le_if_present("clientProductId");
  core.serial_number = in.u32le_if_present("serialNumber");
  core.high_color_depth = in.u16le_if_present("highColorDepth");
  core.supported_color_depths = in.u16le_if_present("supportedColorDepths");
  core.early_capability_flags = in.u16le_if_present("earlyCapabilityFlags");
  core.client_dig_product_id = read_dig_product_id(in);
  core.connection_type = in.u8_if_present("connectionType");
  (void)in.u8_if_present("pad1octet");
  core.server_selected_protocol = in.u32le_if_present("serverSelectedProtocol");
  core.desktop_physical_width = in.u32le_if_present("desktopPhysicalWidth");
  core.desktop_physical_height = in.u32le_if_present("desktopPhysicalHeight");
  core.desktop_orientation = in.u16le_if_present("desktopOrientation");
  core.desktop_scale_factor = in.u32le_if_present("desktopScaleFactor");
  core.device_scale_factor = in.u32le_if_present("deviceScaleFactor");
}

/// RNS_UD_COLOR_ values of colorDepth and postBeta2ColorDepth.
[[nodiscard]] std::optional<std::uint16_t> to_bits(std::uint16_t color) {
  switch (color) {
    case 0xca00:
      return 4;
    case 0xca01:
      return 8;
    case 0xca02:
      return 15;
    case 0xca03:
      return 16;
    case 0xca04:
      return 24;
    default:
      return std::nullopt;
  }
}

[[nodiscard]] bool wants_32_bits(const ClientCore& core) {
  constexpr std::uint16_t k32BppSupport = 8;  // RNS_UD_32BPP_SUPPORT
  const Flags<ClientCapability> early{core.early_capability_flags.value_or(0)};
  return early.has(ClientCapability::kWant32BppSession) &&
         (core.supported_color_depths.value_or(0) & k32BppSupport) != 0;
}

}  // namespace

ClientCore read_client_core(Cursor& in) {
  ClientCore core{.version = in.u32le("version"),
                  .desktop_width = in.u16le("desktopWidth"),
                  .desktop_height = in.u16le("desktopHeight"),
                  .color_depth = in.u16le("colorDepth"),
                  .sas_sequence = in.u16le("SASSequence"),
                  .keyboard_layout = in.u32le("keyboardLayout"),
                  .client_build = in.u32le("clientBuild"),
                  .client_name = read_text(in, kClientNameBytes, "clientName"),
                  .keyboard_type = in.u32le("keyboardType"),
                  .keyboard_sub_type = in.u32le("keyboardSubType"),
                  .keyboard_function_key = in.u32le("keyboardFunctionKey"),
                  .ime_file_name = read_text(in, kImeFileNameBytes, "imeFileName")};
  auto tail = in.sub(whole_fields(in.remaining()), "optional fields");
  read_tail(tail, core);
  return core;
}

std::optional<std::uint16_t> bits_per_pixel(const ClientCore& core) {
  if (core.high_color_depth) { return wants_32_bits(core) ? 32 : *core.high_color_depth; }
  return to_bits(core.post_beta2_color_depth.value_or(core.color_depth));
}

}  // namespace remora::rdp
