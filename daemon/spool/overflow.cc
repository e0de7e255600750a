#include "daemon/spool/overflow.h"

namespace remora::spool {
namespace {

constexpr std::uint64_t tenths_of(Importance importance) {
  switch (importance) {
    case Importance::kCounters:
      return 7;
    case Importance::kInterim:
      return 8;
    case Importance::kActivity:
      return 9;
    case Importance::kRecord:
      break;
  }
  return 10;
}

}  // namespace

bool has_room(Importance importance, std::uint64_t used, std::uint64_t most) {
  return used < most / 10 * tenths_of(importance);
}

}  // namespace remora::spool
