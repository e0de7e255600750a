#pragma once

#include <array>
#include <string>

#include "daemon/delivery/output.h"
#include "daemon/outputs/kafka/config.h"

namespace remora::outputs::kafka {

struct Header {
  const char* name;
  std::string value;
};

/// What stands in the topic for one event.
struct Record {
  std::string key;  ///< what the event is about: all of that stays in one partition, in order
  std::string value;
  std::array<Header, 4> headers;  ///< content-type, schema, event-id, kind
};

[[nodiscard]] Record make_record(const delivery::Parcel& parcel, Format format);

}  // namespace remora::outputs::kafka
