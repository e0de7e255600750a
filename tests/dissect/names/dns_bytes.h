#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/support/hex.h"

namespace remora::names::testing {

// Field by field, RFC 1035 4.1. The question is for rds01.corp.example; c00c points to its name.
inline const std::string kQuestionName = "05 7264733031 04 636f7270 07 6578616d706c65 00";
inline const std::string kAsksForA = kQuestionName + "0001 0001";

/// ID 1a2b, one question.
inline std::string header(std::string_view flags, std::string_view answers,
                          std::string_view additionals = "0000") {
  return "1a2b" + std::string{flags} + "0001" + std::string{answers} + "0000" +
         std::string{additionals};
}

inline const std::string kQuery = header("0100", "0000") + kAsksForA;
/// 198.51.100.20 for 300 s.
inline const std::string kAnswer =
    header("8180", "0001") + kAsksForA + "c00c 0001 0001 0000012c 0004 c6336414";

inline std::vector<std::byte> bytes(const std::string& text) {
  return remora::testing::hex(text);
}

}  // namespace remora::names::testing
