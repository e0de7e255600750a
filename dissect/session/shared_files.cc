#include "dissect/session/shared_files.h"

namespace remora::session {
namespace {

using observation::SharedFileStep;

FileMechanism mechanism_of(const SharedFileStep& step) {
  return step.mechanism == SharedFileStep::Mechanism::kDrive ? FileMechanism::kDrive
                                                             : FileMechanism::kClipboard;
}

/// How much is known to have moved, and of how much. The name stays that under which it began.
void take_in(const SharedFileStep& step, FileTransfer& file) {
  if (step.size.has_value()) { file.size = step.size; }
  file.sha256 = step.sha256;
  file.transferred = step.bytes;
  // Of bytes that the capture lacks nobody can say that they did not move.
  if (step.lost && file.size != step.bytes) { file.transferred.reset(); }
}

bool is_whole(const FileTransfer& file) {
  return file.size.has_value() && file.transferred == file.size;
}

FileResult result_of(const SharedFileStep& step, const FileTransfer& file) {
  if (step.status.has_value()) { return FileResult::kFailed; }
  if (is_whole(file)) { return FileResult::kCompleted; }
  if (step.cut_off) {
    return file.mechanism == FileMechanism::kDrive ? FileResult::kAborted : FileResult::kCancelled;
  }
  const bool less = file.size.has_value() && file.transferred.has_value();
  return less ? FileResult::kIncomplete : FileResult::kCompleted;
}

void end(FileTransfer& file, FileResult result, Moment at, std::vector<Happening>& out) {
  file.end = at;
  file.result = result;
  if (result != FileResult::kCompleted) { file.sha256.reset(); }
  out.emplace_back(FileTransferEnded{.file = file});
}

}  // namespace

void SharedFiles::on_step(const SharedFileStep& step, bool by_client, Moment at,
                          std::vector<Happening>& out) {
  using Kind = SharedFileStep::Kind;
  if (step.kind == Kind::kStarted) {
    begin(step, by_client, at, out);
  } else if (step.kind == Kind::kProgress || step.kind == Kind::kEnded) {
    const auto place = open_.find({step.mechanism, step.id});
    if (place == open_.end()) { return; }
    take_in(step, place->second);
    if (step.kind == Kind::kProgress) { return; }
    place->second.status = step.status;
    end(place->second, result_of(step, place->second), at, out);
    open_.erase(place);
  } else {
    operate(step, by_client, out);
  }
}

void SharedFiles::begin(const SharedFileStep& step, bool by_client, Moment at,
                        std::vector<Happening>& out) {
  if (told_ >= kMaxTold || open_.size() >= kMaxOpen) { return; }
  ++told_;
  const FileTransfer file{.start = at,
                          .name = step.name,
                          .size = step.size,
                          .to_server = by_client,
                          .mechanism = mechanism_of(step)};
  open_[{step.mechanism, step.id}] = file;
  out.emplace_back(FileTransferStarted{.file = file});
}

void SharedFiles::operate(const SharedFileStep& step, bool by_client, std::vector<Happening>& out) {
  using Kind = SharedFileStep::Kind;
  if (told_ >= kMaxTold) { return; }
  ++told_;
  FileOperation operation{.what = FileOperation::What::kDeleted,
                          .name = step.name,
                          .new_name = step.new_name,
                          .mechanism = mechanism_of(step),
                          .status = step.status};
  if (step.kind == Kind::kRenamed) { operation.what = FileOperation::What::kRenamed; }
  if (step.kind == Kind::kRefused) {
    operation.what = FileOperation::What::kRefused;
    operation.to_server = by_client;
  }
  out.emplace_back(std::move(operation));
}

void SharedFiles::on_end(Moment at, std::vector<Happening>& out) {
  for (auto& [key, file] : open_) {
    end(file, is_whole(file) ? FileResult::kCompleted : FileResult::kAborted, at, out);
  }
  open_.clear();
}

}  // namespace remora::session
