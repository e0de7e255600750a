#pragma once

#include <string>

#include "remora/v1/event.pb.h"

namespace remora {

/// What the event is about, for receivers that keep order or join by a key: its session, else its
/// ticket, else the event itself.
[[nodiscard]] const std::string& subject_of(const v1::Event& event);

}  // namespace remora
