#include "daemon/event/importance.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "daemon/event/kind.h"

namespace remora {
namespace {

/// Every kind of the contract, also those that are added later: they are records until somebody
/// says otherwise.
TEST(Importance, OfEveryKind) {
  const std::set<std::string> counters{"sensor_health"};
  const std::set<std::string> interim{"session_opened", "session_updated"};
  const std::set<std::string> activity{
      "anomaly",        "control_started",       "control_ended",
      "file_operation", "file_transfer_started", "file_transfer_ended"};
  const auto* kinds = v1::Event::descriptor()->FindOneofByName("kind");
  ASSERT_NE(kinds, nullptr);
  for (int index = 0; index < kinds->field_count(); ++index) {
    v1::Event event;
    const auto* kind = kinds->field(index);
    (void)event.GetReflection()->MutableMessage(&event, kind);
    auto expected = Importance::kRecord;
    if (counters.contains(kind->name())) { expected = Importance::kCounters; }
    if (interim.contains(kind->name())) { expected = Importance::kInterim; }
    if (activity.contains(kind->name())) { expected = Importance::kActivity; }
    EXPECT_EQ(importance_of(event), expected) << kind_name(event);
  }
}

}  // namespace
}  // namespace remora
