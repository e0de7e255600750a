#pragma once

#include <string>
#include <vector>

#include "remora/v1/event.pb.h"

namespace remora::testing {

/// Events of every kind with every field of the contract set, as often as it takes for each word of
/// each list to occur; texts are what such a field may hold ("192.0.2.7" of an address).
[[nodiscard]] std::vector<v1::Event> full_events();

/// Of every kind one with the envelope alone.
[[nodiscard]] std::vector<v1::Event> bare_events();

/// `event` with every text followed by `text`.
[[nodiscard]] v1::Event with_texts(const v1::Event& event, const std::string& text);

}  // namespace remora::testing
