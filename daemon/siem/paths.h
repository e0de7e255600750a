#pragma once

#include <string_view>

#include "daemon/siem/json.h"

namespace remora::siem {

/// What lies at `path` ("users.0.name": member, place in a list, member); null where nothing does.
[[nodiscard]] const Json* find(const Json& tree, std::string_view path);

/// Puts `value` at `path`, making the objects on the way; digits are places in lists, each put in
/// turn from 0. What is there stays: false.
bool put(Json& tree, std::string_view path, Json value);

/// Takes out what lies at `path`, and what becomes empty by that.
void erase(Json& tree, std::string_view path);

}  // namespace remora::siem
