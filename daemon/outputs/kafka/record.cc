#include "daemon/outputs/kafka/record.h"

#include "daemon/event/kind.h"
#include "daemon/event/subject.h"
#include "daemon/outputs/json_lines.h"

namespace remora::outputs::kafka {

Record make_record(const delivery::Parcel& parcel, Format format) {
  const bool json = format == Format::kJson;
  return {.key = subject_of(parcel.event),
          .value = json ? to_json_line(parcel.event) : parcel.bytes,
          .headers = {{{"content-type", json ? "application/json" : "application/x-protobuf"},
                       {"schema", v1::Event::descriptor()->full_name()},
                       {"event-id", parcel.event.event_id()},
                       {"kind", kind_name(parcel.event)}}}};
}

}  // namespace remora::outputs::kafka
