#pragma once

#include <cstdint>
#include <vector>

#include "daemon/delivery/output.h"

namespace remora::outputs::kafka {

/// The events `first` to `last`: "e1" of session "s1", "e2" of "s2", "e3" of "s0", "e4" of "s1", …
[[nodiscard]] std::vector<delivery::Parcel> made_parcels(std::uint64_t first, std::uint64_t last);

/// One whose event carries a text of that size.
[[nodiscard]] delivery::Parcel large_parcel(std::uint64_t number, std::size_t bytes);

}  // namespace remora::outputs::kafka
