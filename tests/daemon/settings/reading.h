#pragma once

#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/config/map.h"

namespace remora::settings {

/// What `read` makes of a text; `problems` is what was wrong.
template <typename Read>
auto read_from(const std::string& text, config::Problems& problems, Read&& read) {
  auto map = config::Map::read_text(text, "r.yaml", problems);
  return read(std::move(map));
}

/// The same of a text in which nothing is wrong.
template <typename Read>
auto read_good(const std::string& text, Read&& read) {
  config::Problems problems;
  auto settings = read_from(text, problems, std::forward<Read>(read));
  EXPECT_THAT(problems, ::testing::IsEmpty());
  return settings;
}

/// What is wrong with it.
template <typename Read>
config::Problems problems_of(const std::string& text, Read&& read) {
  config::Problems problems;
  (void)read_from(text, problems, std::forward<Read>(read));
  return problems;
}

}  // namespace remora::settings
