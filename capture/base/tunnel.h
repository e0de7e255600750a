#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "capture/base/address.h"

namespace remora {

/// An encapsulation between two IP addresses (protocols-rdp.md 8.1).
enum class TunnelKind : std::uint8_t {
  kIpInIp,   ///< 4in4, 6in4, 4in6, 6in6
  kGre,      ///< IP, Ethernet, MPLS or PPP in GRE, or GRE in UDP
  kNvgre,    ///< Ethernet in GRE with a key, RFC 7637
  kErspan1,  ///< a mirror's transport: ends are switch and analyser
  kErspan2,
  kErspan3,
  kVxlan,
  kVxlanGpe,
  kGeneve,
  kGtpU,
  kTeredo,
  kL2tp2,
  kL2tp3,
  kAh,         ///< AH in tunnel mode
  kMplsInUdp,  ///< RFC 7510
};

/// One layer of encapsulation: the outer addresses as this packet bears them.
struct TunnelLayer {
  TunnelKind kind{};
  IpAddress source;
  IpAddress destination;
  /// VNI, VSID, TEID, GRE key, PPTP call, ERSPAN or L2TP session (in version 2 with the tunnel in
  /// the upper 16 bits); 0 where there is none.
  std::uint32_t id{0};
  bool operator==(const TunnelLayer&) const = default;
};

/// The encapsulations around a packet, outermost first.
class TunnelStack {
 public:
  static constexpr std::size_t kKept = 4;  ///< LIMIT: of deeper stacks the outermost are kept

  void clear() { count_ = 0; }
  void add(const TunnelLayer& layer) {
    if (count_ < kKept) { layers_.at(count_++) = layer; }
  }
  /// Forgets all but the outermost `count`.
  void keep_first(std::size_t count) {
    if (count < count_) { count_ = static_cast<std::uint8_t>(count); }
  }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  /// Borrowed from this object.
  [[nodiscard]] std::span<const TunnelLayer> layers() const {
    return std::span{layers_}.first(count_);
  }

  bool operator==(const TunnelStack& other) const {
    if (count_ != other.count_) { return false; }
    for (std::size_t at = 0; at < count_; ++at) {
      if (layers_.at(at) != other.layers_.at(at)) { return false; }
    }
    return true;
  }

 private:
  std::array<TunnelLayer, kKept> layers_{};
  std::uint8_t count_{0};
};

/// One of several networks that may use the same addresses.
enum class NetworkId : std::uint32_t {};

/// The network that the packet inside the tunnels, outermost first, is of: the VNI or VSID of the
/// innermost overlay around it.
/// Empty where there is none. Ids of other encapsulations (VLAN, MPLS, TEID) often differ between
/// the two directions and say nothing here.
[[nodiscard]] inline std::optional<NetworkId> network_of(std::span<const TunnelLayer> tunnels) {
  std::optional<NetworkId> innermost;
  for (const auto& layer : tunnels) {
    switch (layer.kind) {
      case TunnelKind::kVxlan:
      case TunnelKind::kVxlanGpe:
      case TunnelKind::kGeneve:
      case TunnelKind::kNvgre:
        innermost = NetworkId{layer.id};
        break;
      default:
        break;
    }
  }
  return innermost;
}

}  // namespace remora
