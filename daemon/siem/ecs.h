#pragma once

#include <span>
#include <string>
#include <string_view>

#include "daemon/siem/row.h"
#include "remora/v1/event.pb.h"

namespace remora::siem {

/// The Elastic Common Schema that is written. Its source and destination are who opened the
/// connection and who was called; the RDP roles stay under remora.client and remora.server.
constexpr std::string_view kEcsVersion = "8.17.0";

/// One line of JSON, without its end. What ECS has no field for is under "remora".
/// docs/mappings-ecs.md
[[nodiscard]] std::string to_ecs(const v1::Event& event);

/// ECS field <- fact.
[[nodiscard]] std::span<const Row> ecs_rows();

/// What ECS calls an event of a kind: event.kind, event.category, event.type.
struct EcsKind {
  std::string_view kind;
  std::string_view is;
  std::string_view categories;  ///< with commas
  std::string_view types;       ///< with commas
};
[[nodiscard]] const EcsKind& ecs_kind(std::string_view kind);

}  // namespace remora::siem
