#include "dissect/clipboard/file_moves.h"

#include <algorithm>
#include <utility>

namespace remora::clipboard {
namespace {

using Step = observation::SharedFileStep;

constexpr const char* kContents = "cliprdr.file_contents";

/// Progress is told when a sixteenth has been added: often while a file is small, seldom later.
constexpr std::uint64_t kPartsTold = 16;

observation::NamedCode failure() {
  return {.code = kResponseFail, .name = "CB_RESPONSE_FAIL"};
}

}  // namespace

FileMoves::Moves::iterator FileMoves::find(std::uint64_t list, std::uint32_t index) {
  return std::ranges::find_if(
      moving_, [&](const Move& move) { return move.list == list && move.index == index; });
}

Step FileMoves::step(Step::Kind kind, const Move& move) {
  Step step{
      .mechanism = Step::Mechanism::kClipboard, .kind = kind, .id = move.id, .name = move.name};
  step.bytes = move.seen.bytes();
  step.size = move.size;
  if (move.size.has_value() && !move.doubtful) { step.sha256 = move.seen.digest_of(*move.size); }
  step.lost = move.lost;
  return step;
}

void FileMoves::tell(Step::Kind kind, const Move& move, const char* rule, const Telling& telling) {
  telling.out.observe(telling.at, telling.owner, rule, step(kind, move));
}

void FileMoves::on_size(FileList& list, std::uint32_t index, std::uint64_t size) {
  if (auto* file = list.file(index); file != nullptr) { file->about.size = size; }
  if (const auto move = find(list.serial(), index); move != moving_.end()) { move->size = size; }
}

/// Less than was asked for: the file has no more.
void FileMoves::on_range(FileList& list, const ContentsRequest& asked, std::uint64_t moved) {
  if (moved >= asked.length) { return; }
  auto* file = list.file(asked.index);
  const auto move = find(list.serial(), asked.index);
  const bool at_end =
      moved > 0 || asked.offset == 0 || (move != moving_.end() && asked.offset == move->seen.end());
  if (!at_end) { return; }
  const auto size = asked.offset + moved;
  if (file != nullptr && !file->about.size.has_value()) { file->about.size = size; }
  if (move != moving_.end() && !move->size.has_value()) { move->size = size; }
}

/// Null where these bytes are of no interest: a directory, or a part of a file that has moved.
FileMoves::Move* FileMoves::begin(FileList& list, std::uint32_t index, std::uint64_t offset,
                                  const Telling& telling) {
  const auto* file = list.file(index);
  if (file != nullptr && (file->about.directory || (file->moved && offset != 0))) {
    return nullptr;
  }
  if (moving_.size() >= kMaxMoving) { cut_off(moving_.begin(), kContents, telling); }
  auto& move = moving_.emplace_back();
  move.id = ++telling.last_id;
  move.lost = doubtful_;
  move.doubtful = doubtful_;
  move.list = list.serial();
  move.index = index;
  if (file != nullptr) {
    move.name = file->about.name;
    move.size = file->about.size;
  }
  auto started = step(Step::Kind::kStarted, move);
  started.sha256.reset();
  telling.out.observe(telling.at, telling.owner, kContents, std::move(started));
  return &move;
}

void FileMoves::on_bytes(FileList& list, std::uint32_t index, std::uint64_t offset, ByteView bytes,
                         bool last, const Telling& telling) {
  auto known = find(list.serial(), index);
  if (known == moving_.end()) {
    const auto* file = list.file(index);
    const bool empty = file != nullptr && file->about.size == 0;
    if (bytes.empty() && !empty) { return; }
    if (begin(list, index, offset, telling) == nullptr) { return; }
    known = std::prev(moving_.end());
  }
  known->seen.add_read(offset, bytes);
  if (last) { progress(known, list, telling); }
}

void FileMoves::progress(Moves::iterator move, FileList& list, const Telling& telling) {
  if (move->size.has_value() && move->seen.covers(*move->size)) {
    if (auto* file = list.file(move->index); file != nullptr) { file->moved = true; }
    tell(Step::Kind::kEnded, *move, kContents, telling);
    moving_.erase(move);
    return;
  }
  const auto bytes = move->seen.bytes();
  if (bytes - move->told > move->told / kPartsTold) {
    move->told = bytes;
    tell(Step::Kind::kProgress, *move, kContents, telling);
  }
}

void FileMoves::on_failed(FileList& list, const ContentsRequest& asked, const Telling& telling) {
  if (const auto move = find(list.serial(), asked.index); move != moving_.end()) {
    auto ended = step(Step::Kind::kEnded, *move);
    ended.status = failure();
    telling.out.observe(telling.at, telling.owner, kContents, std::move(ended));
    moving_.erase(move);
    return;
  }
  auto* file = list.file(asked.index);
  if (file == nullptr || file->refused || file->moved || refusals_ >= kMaxRefusals) { return; }
  if (file->about.name.empty() || file->about.directory) { return; }
  file->refused = true;
  ++refusals_;
  telling.out.observe(telling.at, telling.owner, kContents,
                      Step{.mechanism = Step::Mechanism::kClipboard,
                           .kind = Step::Kind::kRefused,
                           .name = file->about.name,
                           .size = file->about.size,
                           .status = failure()});
}

void FileMoves::on_loss(bool of_owner) {
  doubtful_ = doubtful_ || of_owner;
  for (auto& move : moving_) {
    move.lost = true;
    move.doubtful = move.doubtful || of_owner;
  }
}

void FileMoves::cut_off(Moves::iterator move, const char* rule, const Telling& telling) {
  auto ended = step(Step::Kind::kEnded, *move);
  ended.cut_off = true;
  telling.out.observe(telling.at, telling.owner, rule, std::move(ended));
  moving_.erase(move);
}

void FileMoves::forget(FileList& list, const char* rule, const Telling& telling) {
  for (auto move = moving_.begin(); move != moving_.end();) {
    if (move->list != list.serial()) {
      ++move;
      continue;
    }
    const auto at = move - moving_.begin();
    cut_off(move, rule, telling);
    move = moving_.begin() + at;
  }
}

}  // namespace remora::clipboard
