#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace remora::observation {

/// A static virtual channel as the client asked for it, CHANNEL_DEF 2.2.1.3.4.1.
struct Channel {
  std::string name;          ///< ASCII up to the first NUL, at most 8; made valid UTF-8
  std::uint32_t options{0};  ///< raw bits
  bool operator==(const Channel&) const = default;
};

/// One monitor of CS_MONITOR, 2.2.1.3.6.1, in virtual-desktop pixels.
struct Monitor {
  std::int32_t left{0};
  std::int32_t top{0};
  std::int32_t right{0};
  std::int32_t bottom{0};
  bool primary{false};
  // CS_MONITOR_EX 2.2.1.3.10; what the specification says to ignore is absent.
  std::optional<std::uint32_t> physical_width{};        ///< mm
  std::optional<std::uint32_t> physical_height{};       ///< mm
  std::optional<std::uint32_t> orientation{};           ///< degrees
  std::optional<std::uint32_t> desktop_scale_factor{};  ///< percent
  std::optional<std::uint32_t> device_scale_factor{};   ///< percent
  bool operator==(const Monitor&) const = default;
};

/// Everything the client says in its GCC Conference Create Request, [MS-RDPBCGR] 2.2.1.3.
/// A field that was not on the wire is absent.
struct ClientSettings {
  // CS_CORE 2.2.1.3.2
  std::optional<std::uint32_t> version;
  std::optional<std::uint16_t> desktop_width;
  std::optional<std::uint16_t> desktop_height;
  std::optional<std::uint16_t> color_depth;  ///< bits per pixel, from the latest field present
  std::optional<std::uint16_t> sas_sequence;
  std::optional<std::uint32_t> keyboard_layout;
  std::optional<std::uint32_t> client_build;
  std::optional<std::string> client_name;  ///< UTF-8
  std::optional<std::uint32_t> keyboard_type;
  std::optional<std::uint32_t> keyboard_subtype;
  std::optional<std::uint32_t> keyboard_function_keys;
  std::optional<std::string> ime_file_name;  ///< UTF-8
  std::optional<std::uint32_t> serial_number;
  std::optional<std::uint16_t> supported_color_depths;
  std::optional<std::uint16_t> early_capability_flags;
  std::optional<std::string> digital_product_id;  ///< clientDigProductId, UTF-8
  std::optional<std::uint16_t> client_product_id;
  std::optional<std::uint8_t> connection_type;
  std::optional<std::uint32_t> server_selected_protocol;
  std::optional<std::uint32_t> desktop_physical_width;   ///< mm
  std::optional<std::uint32_t> desktop_physical_height;  ///< mm
  std::optional<std::uint16_t> desktop_orientation;      ///< degrees
  std::optional<std::uint32_t> desktop_scale_factor;     ///< percent
  std::optional<std::uint32_t> device_scale_factor;      ///< percent
  // CS_SECURITY 2.2.1.3.3
  std::optional<std::uint32_t> encryption_methods;
  std::optional<std::uint32_t> ext_encryption_methods;
  // CS_NET 2.2.1.3.4
  std::vector<Channel> channels;
  // CS_CLUSTER 2.2.1.3.5
  std::optional<std::uint32_t> cluster_flags;
  std::optional<std::uint32_t> redirected_session_id;
  // CS_MONITOR 2.2.1.3.6
  std::vector<Monitor> monitors;
  // CS_MULTITRANSPORT 2.2.1.3.8
  std::optional<std::uint32_t> multitransport_flags;
  bool operator==(const ClientSettings&) const = default;
};

/// The certificate inside SC_SECURITY, 2.2.1.4.3.1.
enum class ServerCertificateKind : std::uint8_t { kNone, kProprietary, kX509Chain };

/// Everything the server says in its GCC Conference Create Response, 2.2.1.4.
struct ServerSettings {
  std::optional<std::uint8_t> mcs_result;  ///< T.125 Result of the Connect-Response
  // SC_CORE 2.2.1.4.2
  std::optional<std::uint32_t> version;
  std::optional<std::uint32_t> client_requested_protocols;
  std::optional<std::uint32_t> early_capability_flags;
  // SC_SECURITY 2.2.1.4.3
  std::optional<std::uint32_t> encryption_method;
  std::optional<std::uint32_t> encryption_level;
  ServerCertificateKind certificate{ServerCertificateKind::kNone};
  std::optional<std::uint32_t> public_key_bits;
  /// SHA-1 of the PublicKeyBlob of a proprietary certificate: KH of a ticket, [MS-RAI] 2.2.2.
  std::optional<std::array<std::byte, 20>> public_key_digest;
  std::optional<std::array<std::byte, 32>> public_key_sha256;  ///< the same by SHA-256: KH2
  // SC_NET 2.2.1.4.4
  std::optional<std::uint16_t> io_channel_id;
  std::vector<std::uint16_t> channel_ids;  ///< same order as the client's channels
  // SC_MCS_MSGCHANNEL, SC_MULTITRANSPORT
  std::optional<std::uint16_t> message_channel_id;
  std::optional<std::uint32_t> multitransport_flags;
  bool operator==(const ServerSettings&) const = default;
};

}  // namespace remora::observation
