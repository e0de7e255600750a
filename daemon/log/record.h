#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace remora::log {

enum class Level : std::uint8_t { kDebug, kInfo, kWarning, kError };
enum class Format : std::uint8_t { kText, kJson };

/// A literal of the source: no text that came from outside can be one.
class Literal {
 public:
  template <std::size_t kSize>
  // NOLINTNEXTLINE(*-explicit-*,*-avoid-c-arrays): only a literal is to become one, by itself
  consteval Literal(const char (&text)[kSize]) : text_{text, kSize - 1} {}
  [[nodiscard]] constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

/// A text, a whole number, or true or false.
class Value {
 public:
  // NOLINTBEGIN(*-explicit-*): what is logged is written where it is logged
  Value(std::string_view text) : text_{text}, is_text_{true} {}
  Value(std::string text) : text_{std::move(text)}, is_text_{true} {}
  Value(const char* text) : text_{text}, is_text_{true} {}
  Value(bool value) : text_{value ? "true" : "false"} {}
  template <std::integral Number>
  Value(Number number) : text_{std::to_string(number)} {}
  // NOLINTEND(*-explicit-*)

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool is_text() const { return is_text_; }

 private:
  std::string text_;
  bool is_text_{false};
};

/// Names are of small letters and `_`, and not those of a record: time, level, process, message.
struct Field {
  Literal name;
  Value value;
};
using Fields = std::initializer_list<Field>;

/// What becomes a line.
struct Record {
  std::chrono::system_clock::time_point time{};
  Level level{Level::kInfo};
  std::string_view process{};
  std::string_view text{};
  Fields fields{};
};

}  // namespace remora::log
