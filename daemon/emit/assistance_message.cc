#include "daemon/emit/assistance_message.h"

#include <algorithm>

#include "daemon/emit/session_message.h"
#include "dissect/encoding/text.h"

namespace remora::emit {
namespace {

v1::ControlParty::Role role(session::ControlRole role) {
  return role == session::ControlRole::kExpert ? v1::ControlParty::EXPERT
                                               : v1::ControlParty::NOVICE;
}

v1::FileTransfer::Result result(session::FileResult result) {
  using session::FileResult;
  switch (result) {
    case FileResult::kCompleted:
      return v1::FileTransfer::COMPLETED;
    case FileResult::kRefused:
      return v1::FileTransfer::REFUSED;
    case FileResult::kIncomplete:
      return v1::FileTransfer::INCOMPLETE;
    case FileResult::kCancelledBySender:
      return v1::FileTransfer::CANCELLED_BY_SENDER;
    case FileResult::kCancelledByReceiver:
      return v1::FileTransfer::CANCELLED_BY_RECEIVER;
    case FileResult::kAborted:
      return v1::FileTransfer::ABORTED;
    case FileResult::kNoResponse:
      return v1::FileTransfer::NO_RESPONSE;
  }
  return v1::FileTransfer::RESULT_UNSPECIFIED;
}

}  // namespace

void fill(const session::ControlStarted& from, v1::ControlStarted& to) {
  fill(from.start, *to.mutable_start());
  to.set_by(from.by);
  to.set_role(v1::ControlParty::EXPERT);
}

void fill(const session::ControlEnded& from, v1::ControlEnded& to) {
  fill(from.start, *to.mutable_start());
  fill(from.end, *to.mutable_end());
  fill_duration(std::max(from.end, from.start) - from.start, *to.mutable_duration());
  to.set_by(from.by);
  if (from.role.has_value()) { to.set_role(role(*from.role)); }
}

void fill(const session::FileTransfer& from, v1::FileTransfer& to) {
  fill(from.start, *to.mutable_start());
  if (from.end.has_value()) { fill(*from.end, *to.mutable_end()); }
  if (from.result.has_value()) { to.set_result(result(*from.result)); }
  to.set_file_name(from.name);
  if (from.size.has_value()) { to.set_size(*from.size); }
  to.set_direction(from.to_server ? v1::FileTransfer::CLIENT_TO_SERVER
                                  : v1::FileTransfer::SERVER_TO_CLIENT);
  to.set_mechanism(v1::FileTransfer::RA_FILE_TRANSFER);
  if (from.sha256.has_value()) { to.set_sha256(encoding::to_hex(*from.sha256)); }
  if (from.transferred.has_value()) { to.set_transferred_bytes(*from.transferred); }
  to.set_internal(from.internal);
}

}  // namespace remora::emit
