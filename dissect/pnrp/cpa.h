#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "capture/base/cursor.h"
#include "dissect/pnrp/pnrp_id.h"

namespace remora::pnrp {

/// Encoded CPA, [MS-PNRP] 2.2.3.1, up to what makes its name's id. Little-endian.
struct Cpa {
  bool revoked{false};
  std::array<std::byte, 16> service_location{};  ///< most significant byte first
  std::array<std::byte, 20> authority{};         ///< zeros for an unsecured name
  std::optional<std::array<std::byte, 20>> classifier_hash{};

  /// Empty where the name has no classifier.
  [[nodiscard]] std::optional<PnrpId> id() const;
};
[[nodiscard]] Cpa read_cpa(Cursor& in);

}  // namespace remora::pnrp
