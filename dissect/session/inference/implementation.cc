#include "dissect/session/inference/implementation.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace remora::session {
namespace {

// Types of capability sets, [MS-RDPBCGR] 2.2.1.13.1.1.1. The order is free, and each program keeps
// its own.
constexpr std::uint16_t kGeneral = 0x01;
constexpr std::uint16_t kBitmap = 0x02;
constexpr std::uint16_t kOrder = 0x03;
constexpr std::uint16_t kControl = 0x05;
constexpr std::uint16_t kActivation = 0x07;
constexpr std::uint16_t kPointer = 0x08;
constexpr std::uint16_t kShare = 0x09;
constexpr std::uint16_t kColorCache = 0x0a;
constexpr std::uint16_t kFont = 0x0e;
constexpr std::uint16_t kBitmapCache2 = 0x13;
constexpr std::uint16_t kVirtualChannel = 0x14;

constexpr std::array kMstscOrder{kGeneral,    kBitmap,  kOrder,   kBitmapCache2, kColorCache,
                                 kActivation, kControl, kPointer, kShare};
constexpr std::array kRdesktopOrder{kGeneral,    kBitmap,     kOrder,   kBitmapCache2, kPointer,
                                    kColorCache, kActivation, kControl, kShare};
constexpr std::array kWindowsOrder{kShare, kGeneral, kVirtualChannel};
constexpr std::array kXrdpOrder{kShare, kGeneral, kBitmap, kFont, kOrder};
constexpr std::array kFreeRdpServerOrder{kGeneral, kBitmap, kOrder, kPointer};

/// RDP_NEG_RSP.flags, 2.2.1.2.1.
constexpr std::uint8_t kExtendedClientData = 0x01;

[[nodiscard]] bool begins_with(const std::vector<std::uint16_t>& sets,
                               std::span<const std::uint16_t> order) {
  return sets.size() >= order.size() && std::equal(order.begin(), order.end(), sets.begin());
}

/// What tools put into the cookie, which is a user's name in all others.
[[nodiscard]] std::optional<Implementation> by_cookie(const Session& session) {
  if (!session.request.has_value() || !session.request->cookie.has_value()) { return std::nullopt; }
  constexpr auto kRule = "infer.client_implementation.cookie";
  constexpr auto kNote = "the tool's own word stands in the cookie";
  const std::string_view cookie{*session.request->cookie};
  if (cookie == "NCRACK_USER") {
    return Implementation{.name = "ncrack", .rule = kRule, .note = kNote, .confidence = 0.9};
  }
  if (cookie == "nmap") {
    return Implementation{.name = "nmap", .rule = kRule, .note = kNote, .confidence = 0.9};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Implementation> client_implementation(const Session& session) {
  if (!session.platform.has_value()) { return by_cookie(session); }
  const std::string_view descriptor{session.platform->source_descriptor};
  constexpr auto kDescriptorRule = "infer.client_implementation.source_descriptor";
  constexpr auto kDescriptorNote = "its own name stands in Confirm Active";
  if (descriptor == "FREERDP") {
    return Implementation{
        .name = "FreeRDP", .rule = kDescriptorRule, .note = kDescriptorNote, .confidence = 0.99};
  }
  if (descriptor == "IRONRDP") {
    return Implementation{
        .name = "IronRDP", .rule = kDescriptorRule, .note = kDescriptorNote, .confidence = 0.99};
  }
  if (descriptor != "MSTSC") { return by_cookie(session); }
  constexpr auto kOrderRule = "infer.client_implementation.capability_order";
  constexpr auto kOrderNote = "the order of its capability sets";
  const auto& sets = session.platform->capability_sets;
  if (begins_with(sets, kMstscOrder)) {
    return Implementation{
        .name = "mstsc", .rule = kOrderRule, .note = kOrderNote, .confidence = 0.9};
  }
  if (begins_with(sets, kRdesktopOrder)) {
    return Implementation{
        .name = "rdesktop", .rule = kOrderRule, .note = kOrderNote, .confidence = 0.9};
  }
  return by_cookie(session);
}

std::optional<Implementation> server_implementation(const Session& session) {
  if (session.server_platform.has_value()) {
    constexpr auto kRule = "infer.server_implementation.capability_order";
    constexpr auto kNote = "the order of its capability sets";
    const auto& platform = *session.server_platform;
    if (begins_with(platform.capability_sets, kWindowsOrder)) {
      return Implementation{.name = "Windows", .rule = kRule, .note = kNote, .confidence = 0.9};
    }
    if (begins_with(platform.capability_sets, kXrdpOrder)) {
      return Implementation{.name = "xrdp", .rule = kRule, .note = kNote, .confidence = 0.9};
    }
    // Windows, and what copies it, names its platform.
    if (begins_with(platform.capability_sets, kFreeRdpServerOrder) && platform.name.empty()) {
      return Implementation{.name = "FreeRDP", .rule = kRule, .note = kNote, .confidence = 0.9};
    }
  }
  // Windows and xrdp give their end of the X.224 connection the reference 1234h.
  if (session.confirm.has_value() && session.confirm->source_reference == std::uint16_t{0} &&
      session.confirm->selected_protocol.has_value() &&
      (session.confirm->flags & kExtendedClientData) != 0) {
    return Implementation{.name = "FreeRDP",
                          .rule = "infer.server_implementation.x224_reference",
                          .note = "its X.224 reference is 0, and it knows extended client data",
                          .confidence = 0.8};
  }
  return std::nullopt;
}

}  // namespace remora::session
