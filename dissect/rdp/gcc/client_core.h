#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "capture/base/cursor.h"

namespace remora::rdp {

/// TS_UD_CS_CORE.earlyCapabilityFlags, [MS-RDPBCGR] 2.2.1.3.2.
enum class ClientCapability : std::uint16_t {
  kSupportErrinfoPdu = 0x0001,
  kWant32BppSession = 0x0002,
  kSupportStatusinfoPdu = 0x0004,
  kStrongAsymmetricKeys = 0x0008,
  kRelativeMouseInput = 0x0010,
  kValidConnectionType = 0x0020,
  kSupportMonitorLayoutPdu = 0x0040,
  kSupportNetcharAutodetect = 0x0080,
  kSupportDynvcGfxProtocol = 0x0100,
  kSupportDynamicTimeZone = 0x0200,
  kSupportHeartbeatPdu = 0x0400,
  kSupportSkipChanneljoin = 0x0800,
};

/// TS_UD_CS_CORE, 2.2.1.3.2. Each field from postBeta2ColorDepth on is absent in older clients; a
/// tail that ends inside a field is read up to the field before.
struct ClientCore {
  std::uint32_t version;
  std::uint16_t desktop_width;
  std::uint16_t desktop_height;
  std::uint16_t color_depth;  ///< RNS_UD_COLOR_: CA00: 4 bpp, CA01: 8 bpp
  std::uint16_t sas_sequence;
  std::uint32_t keyboard_layout;
  std::uint32_t client_build;
  std::string client_name;  ///< UTF-8
  std::uint32_t keyboard_type;
  std::uint32_t keyboard_sub_type;
  std::uint32_t keyboard_function_key;
  std::string ime_file_name;  ///< UTF-8
  std::optional<std::uint16_t> post_beta2_color_depth{};
  std::optional<std::uint16_t> client_product_id{};
  std::optional<std::uint32_t> serial_number{};
  std::optional<std::uint16_t> high_color_depth{};
  std::optional<std::uint16_t> supported_color_depths{};
  std::optional<std::uint16_t> early_capability_flags{};
  std::optional<std::string> client_dig_product_id{};  ///< UTF-8
  std::optional<std::uint8_t> connection_type{};
  std::optional<std::uint32_t> server_selected_protocol{};
  std::optional<std::uint32_t> desktop_physical_width{};
  std::optional<std::uint32_t> desktop_physical_height{};
  std::optional<std::uint16_t> desktop_orientation{};
  std::optional<std::uint32_t> desktop_scale_factor{};
  std::optional<std::uint32_t> device_scale_factor{};
};

/// Reads the body of a CS_CORE block.
[[nodiscard]] ClientCore read_client_core(Cursor& in);

/// Bits per pixel that the client asks for: highColorDepth if present (32 where
/// RNS_UD_CS_WANT_32BPP_SESSION and RNS_UD_32BPP_SUPPORT say so), else postBeta2ColorDepth, else
/// colorDepth. Empty for a value that the tables do not have.
[[nodiscard]] std::optional<std::uint16_t> bits_per_pixel(const ClientCore& core);

}  // namespace remora::rdp
