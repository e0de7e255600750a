#pragma once

#include <memory>
#include <utility>

namespace remora {

/// An optional that is seldom there: while it is not, it takes the room of a pointer. It is looked
/// into as a std::optional is, and copies are deep; what was moved from is empty.
template <typename T>
class Rare {
 public:
  Rare() = default;
  Rare(T value) : held_{std::make_unique<T>(std::move(value))} {}  // NOLINT(*-explicit-*)
  Rare(const Rare& other) : held_{other.held_ ? std::make_unique<T>(*other.held_) : nullptr} {}
  Rare(Rare&&) noexcept = default;
  Rare& operator=(const Rare& other) {
    if (this != &other) { *this = Rare{other}; }
    return *this;
  }
  Rare& operator=(Rare&&) noexcept = default;
  ~Rare() = default;

  [[nodiscard]] bool has_value() const { return held_ != nullptr; }
  explicit operator bool() const { return has_value(); }
  [[nodiscard]] T& operator*() { return *held_; }
  [[nodiscard]] const T& operator*() const { return *held_; }
  [[nodiscard]] T* operator->() { return held_.get(); }
  [[nodiscard]] const T* operator->() const { return held_.get(); }
  template <typename... Arguments>
  T& emplace(Arguments&&... arguments) {
    held_ = std::make_unique<T>(std::forward<Arguments>(arguments)...);
    return *held_;
  }
  void reset() { held_.reset(); }

  bool operator==(const Rare& other) const {
    return has_value() == other.has_value() && (!has_value() || **this == *other);
  }

 private:
  std::unique_ptr<T> held_;
};

}  // namespace remora
