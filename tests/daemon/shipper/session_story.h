#pragma once

#include <cstdint>
#include <string>

#include "remora/v1/event.pb.h"

namespace remora::shipper {

/// What is told of a session at `second`: the kind is the caller's to choose.
inline v1::Session told_session(const std::string& id, std::int64_t second) {
  v1::Session session;
  session.set_session_id(id);
  session.mutable_client()->set_address("192.0.2.1");
  session.mutable_opened()->set_seconds(second);
  return session;
}

inline v1::Event told_event(const std::string& id, std::int64_t second) {
  v1::Event event;
  event.set_event_id(id + std::to_string(second));
  event.set_session_id(id);
  event.mutable_time()->set_seconds(second);
  event.mutable_sensor()->set_name("tap");
  return event;
}

inline v1::Event opened(const std::string& id, std::int64_t second) {
  auto event = told_event(id, second);
  *event.mutable_session_opened()->mutable_session() = told_session(id, second);
  return event;
}

inline v1::Event accepted(const std::string& id, std::int64_t second) {
  auto event = told_event(id, second);
  auto& session = *event.mutable_session_accepted()->mutable_session();
  session = told_session(id, second);
  session.mutable_accepted()->set_seconds(second);
  return event;
}

inline v1::Event closed(const std::string& id, std::int64_t second) {
  auto event = told_event(id, second);
  *event.mutable_session_closed()->mutable_session() = told_session(id, second);
  return event;
}

}  // namespace remora::shipper
