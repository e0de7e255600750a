#include "daemon/spool/salvage.h"

#include <vector>

#include "daemon/event/importance.h"
#include "daemon/event/kind.h"
#include "daemon/spool/spool.h"
#include "daemon/sqlite/database.h"

namespace remora::spool {
namespace {

constexpr std::size_t kAtOnce = 500;

}  // namespace

std::uint64_t salvage(const std::string& damaged, Spool& into) {
  auto database =
      sqlite::Database::open(damaged, {.read_only = true, .create = false, .damaged = true});
  if (!database.has_value()) { return 0; }
  auto select = database->prepare("SELECT bytes FROM event ORDER BY number");
  if (!select.has_value()) { return 0; }
  std::uint64_t taken = 0;
  std::vector<Spoolable> events;
  const auto hand_over = [&] {
    const auto appended = into.append(events);
    if (appended.taken) { taken += events.size() - appended.given_up; }
    events.clear();
    return appended.taken;
  };
  while (select->step() == sqlite::Step::kRow) {
    v1::Event event;
    const auto bytes = select->blob(0);
    // Pages that belong to something else look like this.
    if (!event.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) { break; }
    events.push_back({.importance = importance_of(event),
                      .kind = kind_name(event),
                      .bytes = std::string{bytes}});
    if (events.size() == kAtOnce && !hand_over()) { return taken; }
  }
  (void)hand_over();
  return taken;
}

}  // namespace remora::spool
