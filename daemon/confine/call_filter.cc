#include "daemon/confine/call_filter.h"

#include <cstring>

#include "daemon/confine/single_thread.h"

namespace remora::confine {

CallFilter::CallFilter(Otherwise otherwise)
    : filter_{seccomp_init(otherwise == Otherwise::kKill ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_ALLOW),
              seccomp_release} {
  if (filter_ == nullptr) {
    error_ = -ENOMEM;
    return;
  }
  error_ = seccomp_attr_set(filter_.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
}

void CallFilter::add(std::uint32_t action, int call,
                     std::initializer_list<scmp_arg_cmp> conditions) {
  if (error_ != 0) { return; }
  error_ = seccomp_rule_add_array(filter_.get(), action, call,
                                  static_cast<unsigned>(conditions.size()), conditions.begin());
}

void CallFilter::allow(std::initializer_list<int> calls) {
  for (const int call : calls) { add(SCMP_ACT_ALLOW, call, {}); }
}

void CallFilter::allow_if(int call, std::initializer_list<scmp_arg_cmp> conditions) {
  add(SCMP_ACT_ALLOW, call, conditions);
}

void CallFilter::allow_if_among(int call, unsigned argument, std::initializer_list<long> values) {
  for (const long value : values) { add(SCMP_ACT_ALLOW, call, {equals(argument, value)}); }
}

void CallFilter::refuse(int error, std::initializer_list<int> calls) {
  for (const int call : calls) { add(SCMP_ACT_ERRNO(static_cast<std::uint32_t>(error)), call, {}); }
}

void CallFilter::hand_over(int call, std::initializer_list<scmp_arg_cmp> conditions) {
  add(SCMP_ACT_NOTIFY, call, conditions);
}

tl::expected<void, std::string> CallFilter::load() {
  if (auto alone = require_single_thread("system calls"); !alone) { return alone; }
  if (error_ == 0) { error_ = seccomp_load(filter_.get()); }
  if (error_ == 0) { return {}; }
  return tl::unexpected{std::string{"system calls: cannot be filtered: "} + std::strerror(-error_) +
                        "; this needs Linux 5.14 or later with seccomp, and room for another "
                        "filter with a listener"};
}

Descriptor CallFilter::take_listener() {
  return Descriptor{seccomp_notify_fd(filter_.get())};
}

}  // namespace remora::confine
