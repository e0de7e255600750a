#include "daemon/emit/file_message.h"

#include "daemon/emit/session_message.h"
#include "dissect/encoding/text.h"

namespace remora::emit {
namespace {

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
    case FileResult::kFailed:
      return v1::FileTransfer::FAILED;
    case FileResult::kCancelled:
      return v1::FileTransfer::CANCELLED;
  }
  return v1::FileTransfer::RESULT_UNSPECIFIED;
}

v1::FileTransfer::Mechanism mechanism(session::FileMechanism mechanism) {
  using session::FileMechanism;
  switch (mechanism) {
    case FileMechanism::kAssistance:
      return v1::FileTransfer::RA_FILE_TRANSFER;
    case FileMechanism::kDrive:
      return v1::FileTransfer::DRIVE_REDIRECTION;
    case FileMechanism::kClipboard:
      return v1::FileTransfer::CLIPBOARD;
  }
  return v1::FileTransfer::MECHANISM_UNSPECIFIED;
}

v1::FileTransfer::Direction direction(bool to_server) {
  return to_server ? v1::FileTransfer::CLIENT_TO_SERVER : v1::FileTransfer::SERVER_TO_CLIENT;
}

v1::FileOperation::Operation operation(session::FileOperation::What what) {
  using What = session::FileOperation::What;
  switch (what) {
    case What::kDeleted:
      return v1::FileOperation::DELETED;
    case What::kRenamed:
      return v1::FileOperation::RENAMED;
    case What::kRefused:
      return v1::FileOperation::REFUSED;
  }
  return v1::FileOperation::OPERATION_UNSPECIFIED;
}

}  // namespace

void fill(const session::FileTransfer& from, v1::FileTransfer& to) {
  fill(from.start, *to.mutable_start());
  if (from.end.has_value()) { fill(*from.end, *to.mutable_end()); }
  if (from.result.has_value()) { to.set_result(result(*from.result)); }
  to.set_file_name(from.name);
  if (from.size.has_value()) { to.set_size(*from.size); }
  to.set_direction(direction(from.to_server));
  to.set_mechanism(mechanism(from.mechanism));
  if (from.sha256.has_value()) { to.set_sha256(encoding::to_hex(*from.sha256)); }
  if (from.transferred.has_value()) { to.set_transferred_bytes(*from.transferred); }
  to.set_internal(from.internal);
  if (from.status.has_value()) { fill(*from.status, *to.mutable_status()); }
}

void fill(const session::FileOperation& from, v1::FileOperation& to) {
  to.set_operation(operation(from.what));
  to.set_file_name(from.name);
  to.set_new_file_name(from.new_name);
  to.set_mechanism(mechanism(from.mechanism));
  if (from.to_server.has_value()) { to.set_direction(direction(*from.to_server)); }
  if (from.status.has_value()) { fill(*from.status, *to.mutable_status()); }
}

}  // namespace remora::emit
