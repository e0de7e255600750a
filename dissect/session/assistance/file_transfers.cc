#include "dissect/session/assistance/file_transfers.h"

#include <utility>

namespace remora::session {

using observation::FileStep;

FileTransfers::Open* FileTransfers::begin(const std::string& channel, FileTransfer file,
                                          std::vector<Happening>& out) {
  if (open_.size() >= kMaxOpen) { return nullptr; }
  auto& open = open_[channel];
  open = {.file = std::move(file)};
  out.emplace_back(FileTransferStarted{.file = open.file});
  return &open;
}

void FileTransfers::end(Open& open, FileResult result, Moment at, std::vector<Happening>& out) {
  open.file.end = at;
  open.file.result = result;
  if (result != FileResult::kCompleted) { open.file.sha256.reset(); }
  out.emplace_back(FileTransferEnded{.file = open.file});
}

void FileTransfers::on_offer(const observation::AssistanceCommand& offer, bool by_client, Moment at,
                             std::vector<Happening>& out) {
  // One file at a time: what was under way on the channel is over.
  if (const auto before = open_.find(offer.channel); before != open_.end()) {
    end(before->second, before->second.answered ? FileResult::kAborted : FileResult::kNoResponse,
        at, out);
    open_.erase(before);
  }
  (void)begin(offer.channel,
              {.start = at,
               .name = offer.file_name,
               .size = offer.file_size,
               .to_server = by_client,
               .internal = offer.internal},
              out);
}

void FileTransfers::on_step(const FileStep& step, bool by_client, Moment at,
                            std::vector<Happening>& out) {
  const auto place = open_.find(step.channel);
  auto* open = place == open_.end() ? nullptr : &place->second;
  if (open == nullptr) {
    // The offer was not to be read; an answer, or bytes, show that there was one.
    const bool answer = step.kind == FileStep::Kind::kAccepted;
    if (!answer && step.kind != FileStep::Kind::kProgress) { return; }
    open = begin(step.channel, {.start = at, .to_server = answer ? !by_client : by_client}, out);
    if (open == nullptr) { return; }
  }
  auto& file = open->file;
  file.transferred = step.bytes;
  const bool by_sender = file.to_server == by_client;
  switch (step.kind) {
    case FileStep::Kind::kAccepted:
    case FileStep::Kind::kProgress:
      open->answered = true;
      return;
    case FileStep::Kind::kRejected:
      if (by_sender) {
        end(*open, FileResult::kCancelledBySender, at, out);
      } else {
        end(*open, open->answered ? FileResult::kCancelledByReceiver : FileResult::kRefused, at,
            out);
      }
      break;
    case FileStep::Kind::kEnded: {
      // Of bytes that the capture lacks nobody can say that they were missing.
      const bool whole =
          !file.size.has_value() || !step.bytes.has_value() || *file.size == *step.bytes;
      if (!file.size.has_value()) { file.size = step.bytes; }
      file.sha256 = step.sha256;
      end(*open, whole ? FileResult::kCompleted : FileResult::kIncomplete, at, out);
      break;
    }
  }
  open_.erase(step.channel);
}

void FileTransfers::on_end(Moment at, std::vector<Happening>& out) {
  for (auto& [channel, open] : open_) {
    end(open, open.answered ? FileResult::kAborted : FileResult::kNoResponse, at, out);
  }
  open_.clear();
}

}  // namespace remora::session
