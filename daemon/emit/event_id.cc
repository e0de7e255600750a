#include "daemon/emit/event_id.h"

#include "capture/base/bytes.h"
#include "daemon/event/kind.h"
#include "dissect/encoding/digest.h"
#include "dissect/encoding/text.h"

namespace remora::emit {

std::string event_id(const v1::Event& event, std::uint64_t ordinal) {
  auto text = "remora.event.v1 " + event.session_id() + ' ' + event.ticket_id() + ' ' +
              kind_name(event) + ' ' + std::to_string(event.time().seconds()) + ' ' +
              std::to_string(event.time().nanos());
  for (const auto& evidence : event.evidence()) {
    text += ' ' + std::to_string(evidence.frame()) + ' ' + evidence.rule();
  }
  text += ' ' + std::to_string(ordinal);
  const auto digest = encoding::sha256(as_bytes(text));
  return encoding::to_hex(ByteView{digest}.first(16));
}

}  // namespace remora::emit
