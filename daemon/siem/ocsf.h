#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "daemon/siem/row.h"
#include "remora/v1/event.pb.h"

namespace remora::siem {

/// The Open Cybersecurity Schema Framework that is written: the lowest version that has all that is
/// used; later ones of the same major version read it. Its source is who opened the connection.
constexpr std::string_view kOcsfVersion = "1.6.0";

/// One line of JSON, without its end. What OCSF has no attribute for is under "unmapped".
/// docs/mappings-ocsf.md
[[nodiscard]] std::string to_ocsf(const v1::Event& event);

/// OCSF attribute <- fact. All classes share rows; `for_class` 0 is for all, else its uid.
struct OcsfRow {
  std::uint32_t for_class{0};
  Row row;
};
[[nodiscard]] std::span<const OcsfRow> ocsf_rows();

/// The class and activity of a kind.
struct OcsfKind {
  std::string_view kind;
  std::uint32_t class_uid{0};
  std::string_view class_name;
  std::uint32_t category_uid{0};
  std::uint32_t activity_id{0};
  std::string_view activity_name;
  std::uint32_t severity_id{0};
};
[[nodiscard]] const OcsfKind& ocsf_kind(std::string_view kind);

}  // namespace remora::siem
