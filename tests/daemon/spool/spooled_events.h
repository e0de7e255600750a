#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/event/importance.h"
#include "daemon/event/kind.h"
#include "daemon/spool/spool.h"
#include "daemon/spool/spool_reader.h"

namespace remora::spool {

/// An event of which only its id and kind count, padded to a size.
inline Spoolable spoolable(const std::string& id, Importance importance = Importance::kRecord,
                           std::size_t padding = 0) {
  v1::Event event;
  event.set_event_id(id);
  switch (importance) {
    case Importance::kCounters:
      event.mutable_sensor_health();
      break;
    case Importance::kInterim:
      event.mutable_session_updated();
      break;
    case Importance::kActivity:
      event.mutable_anomaly()->set_detail(std::string(padding, 'x'));
      break;
    case Importance::kRecord:
      event.mutable_ticket_rejected()->set_error(std::string(padding, 'x'));
      break;
  }
  return {.importance = importance, .kind = kind_name(event), .bytes = event.SerializeAsString()};
}

/// The ids of the events behind `after`.
inline std::vector<std::string> ids_after(const std::string& path, std::uint64_t after,
                                          std::size_t max_events = 1'000'000) {
  auto reader = SpoolReader::open(path);
  if (!reader.has_value()) { return {reader.error()}; }
  const auto read = reader->read(after, max_events, std::size_t{1} << 30U, true);
  if (!read.has_value()) { return {read.error()}; }
  std::vector<std::string> ids;
  for (const auto& spooled : *read) {
    v1::Event event;
    ids.push_back(event.ParseFromString(spooled.bytes) ? event.event_id() : "not an event");
  }
  return ids;
}

}  // namespace remora::spool
