#pragma once

#include "daemon/outputs/otlp/attributes.h"
#include "remora/v1/event.pb.h"

namespace remora::outputs::otlp {

/// What the event's kind carries. What the conventions of OpenTelemetry have a name for bears that
/// name, the rest begins with "remora."; what is seldom asked for is in the record's body alone.
void fill_kind(const v1::Event& event, Attributes& attributes);

}  // namespace remora::outputs::otlp
