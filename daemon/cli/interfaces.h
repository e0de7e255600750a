#pragma once

namespace remora::cli {

/// Lists the interfaces that libpcap can capture on, one a line, with addresses and state.
[[nodiscard]] int interfaces();

}  // namespace remora::cli
