#include "dissect/session/session_id.h"

#include <algorithm>
#include <string>

#include "dissect/encoding/digest.h"

namespace remora::session {

SessionId make_session_id(const FlowFacts& flow, Instant opened) {
  const auto text = "remora.session.v1 " + std::to_string(static_cast<int>(flow.transport)) + ' ' +
                    flow.of(Side::kInitiator).address.to_text() + ' ' +
                    flow.of(Side::kAcceptor).address.to_text() + ' ' +
                    std::to_string(opened.time.time_since_epoch().count()) + ' ' +
                    std::to_string(to_number(opened.frame));
  const auto digest = encoding::sha256(as_bytes(text));
  SessionId id{};
  std::copy_n(digest.begin(), id.size(), id.begin());
  return id;
}

}  // namespace remora::session
