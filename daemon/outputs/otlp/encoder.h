#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>

#include "daemon/delivery/output.h"
#include "daemon/outputs/otlp/config.h"

namespace remora::outputs::otlp {

struct Encoding {
  Body body{Body::kNone};
  std::string_view version;  ///< of this program
  std::chrono::system_clock::time_point observed;
};

/// Puts the serialized ExportLogsServiceRequest of the events into `request`: a record for each, in
/// their order, under the sensor that saw it. docs/otlp.md has the names of all attributes.
void encode(std::span<const delivery::Parcel> parcels, const Encoding& encoding,
            std::string& request);

}  // namespace remora::outputs::otlp
