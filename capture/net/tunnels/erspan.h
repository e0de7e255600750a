#pragma once

#include <optional>

#include "capture/net/tunnels/encapsulated.h"

namespace remora::capture {

/// A switch's mirror port carried in GRE (draft-foschiano-erspan-03 4). Each reads what follows the
/// GRE header, and is empty when that is cut short or of another version; the id is the session.

/// Type I: no header of its own, GRE without a sequence number.
[[nodiscard]] std::optional<Encapsulated> read_erspan_1(ByteView bytes);
/// Type II.
[[nodiscard]] std::optional<Encapsulated> read_erspan_2(ByteView bytes);
/// Type III, with or without the platform's subheader. Its frame may be IP without Ethernet.
[[nodiscard]] std::optional<Encapsulated> read_erspan_3(ByteView bytes);

}  // namespace remora::capture
