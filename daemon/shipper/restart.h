#pragma once

#include <memory>

#include "remora/v1/event.pb.h"

namespace remora::shipper {

/// The end of a session that nobody saw the end of, because the sensor or the whole program was
/// killed meanwhile: `last` is what was told of it last, and the time of the end. Null where `last`
/// tells of no session.
[[nodiscard]] std::unique_ptr<v1::Event> closed_by_restart(const v1::Event& last);

}  // namespace remora::shipper
