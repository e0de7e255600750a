#pragma once

#include <cstddef>
#include <cstdint>

#include "dissect/conversation/dissector.h"
#include "dissect/conversation/family.h"

namespace remora::gateway {

/// Whether a flow's first segment is a TLS ClientHello for a gateway of Azure Virtual Desktop
/// (protocols-rdp.md 6.4): what goes through it cannot be told from other HTTPS but by the name.
/// A hello whose name is not in its first segment is passed over.
[[nodiscard]] Verdict recognise_virtual_desktop(ByteView first_bytes);

/// Tells the gateway's name; the rest is counted only.
class VirtualDesktopDissector final : public Dissector {
 public:
  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side /*from*/, std::uint64_t /*size*/, Instant /*at*/, Findings& out) override {
    out.finish();
  }
};

}  // namespace remora::gateway
