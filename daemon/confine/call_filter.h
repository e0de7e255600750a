#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <seccomp.h>
#include <string>

#include <tl/expected.hpp>

#include "daemon/processes/descriptor.h"

namespace remora::confine {

using processes::Descriptor;

/// A filter of system calls that is being put together. Arguments are compared in the 32 bits that
/// the kernel takes of an int: what stands above them is left to chance by callers.
class CallFilter {
 public:
  enum class Otherwise : std::uint8_t { kKill, kAllow };

  /// `otherwise`: what becomes of calls that nothing is said of, and of those of another
  /// architecture's table.
  explicit CallFilter(Otherwise otherwise);

  // Calls are named by SCMP_SYS; those that this architecture does not have are passed over.
  void allow(std::initializer_list<int> calls);
  void allow_if(int call, std::initializer_list<scmp_arg_cmp> conditions);
  /// Where argument number `argument`, an int, is one of `values`.
  void allow_if_among(int call, unsigned argument, std::initializer_list<long> values);
  void refuse(int error, std::initializer_list<int> calls);
  void hand_over(int call, std::initializer_list<scmp_arg_cmp> conditions);

  /// Binds the calling thread, and those that it starts later, for good.
  [[nodiscard]] tl::expected<void, std::string> load();
  /// What calls that are handed over are heard by; after `load`, once.
  [[nodiscard]] Descriptor take_listener();

 private:
  void add(std::uint32_t action, int call, std::initializer_list<scmp_arg_cmp> conditions);

  std::unique_ptr<void, void (*)(scmp_filter_ctx)> filter_;
  int error_ = 0;  // the first
};

/// Argument number `argument`, an int, masked by `mask`, equals `value`.
[[nodiscard]] constexpr scmp_arg_cmp masked(unsigned argument, std::uint32_t mask,
                                            std::uint32_t value) {
  return {.arg = argument, .op = SCMP_CMP_MASKED_EQ, .datum_a = mask, .datum_b = value};
}

/// Argument number `argument`, an int, equals `value`.
[[nodiscard]] constexpr scmp_arg_cmp equals(unsigned argument, long value) {
  return masked(argument, UINT32_MAX, static_cast<std::uint32_t>(value));
}

/// Argument number `argument` is a null pointer.
[[nodiscard]] constexpr scmp_arg_cmp is_null(unsigned argument) {
  return {.arg = argument, .op = SCMP_CMP_EQ, .datum_a = 0, .datum_b = 0};
}

}  // namespace remora::confine
