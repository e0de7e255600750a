#pragma once

#include <span>
#include <string>
#include <string_view>

#include "daemon/siem/row.h"
#include "remora/v1/event.pb.h"

namespace remora::siem {

/// ArcSight's Common Event Format, version 0: one line without its end. docs/mappings-cef.md
[[nodiscard]] std::string to_cef(const v1::Event& event);

/// Key of the extension <- fact.
[[nodiscard]] std::span<const Row> cef_rows();

/// A key that bears its name in a second key: "cs1Label=sessionId".
struct CefLabel {
  std::string_view key;
  std::string_view label;
};
[[nodiscard]] std::span<const CefLabel> cef_labels();

}  // namespace remora::siem
