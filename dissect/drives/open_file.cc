#include "dissect/drives/open_file.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "dissect/drives/status_names.h"

namespace remora::drives {
namespace {

using Step = observation::SharedFileStep;

constexpr std::uint8_t kFileCreated = 2;  // Information; not in [MS-RDPEFS], but in [MS-SMB2]
constexpr std::uint32_t kOpenIf = 3;      // CreateDisposition

/// Progress is told when a sixteenth has been added: often while a file is small, seldom later.
constexpr std::uint64_t kPartsTold = 16;

/// What folders are full of is told only when there is more in it than it ever has.
constexpr std::string_view kFolderSettings{"desktop.ini"};
constexpr std::uint64_t kMostFolderSettings = 4096;

bool is_folder_settings(std::string_view name) {
  if (name.size() < kFolderSettings.size()) { return false; }
  const auto end = name.substr(name.size() - kFolderSettings.size());
  return std::ranges::equal(end, kFolderSettings, [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

}  // namespace

void OpenFile::on_opened(const Create& create, const Created& created,
                         std::optional<std::uint64_t> size) {
  emptied_ =
      create.empties() || (create.disposition == kOpenIf && created.information == kFileCreated);
  size_ = emptied_ ? 0 : size;
  directory_ = create.is_directory();
  deletes_ = create.deletes_on_close();
  opened_to_read_ = create.reads();
}

void OpenFile::on_described(const Described& told) {
  if (replaced_) { return; }
  if (told.end_of_file.has_value()) { size_ = told.end_of_file; }
  directory_ = told.directory.value_or(directory_);
}

void OpenFile::on_changed(const Change& change, const std::string& new_name,
                          const Telling& telling) {
  if (replaced_) { return; }
  if (change.what == InformationClass::kRename) {
    if (!directory_) {
      Step told{.mechanism = Step::Mechanism::kDrive, .kind = Step::Kind::kRenamed, .name = name_};
      told.new_name = new_name;
      tell(std::move(told), "rdpdr.set_information", telling.server, telling);
    }
    name_ = new_name;
  } else if (change.what == InformationClass::kDisposition) {
    deletes_ = change.deletes;
  } else if (change.end_of_file.has_value()) {
    if (*change.end_of_file < written_.seen.end()) { written_.seen.spoil(); }
    if (!writing_ && !read_.seen.covers(size_.value_or(UINT64_MAX))) { read_.seen.spoil(); }
    if (!writing_) { size_before_writing_ = size_; }
    writing_ = true;
    emptied_ = emptied_ || (*change.end_of_file == 0 && written_.seen.bytes() == 0);
    size_ = change.end_of_file;
    announced_ = change.end_of_file;
  }
}

void OpenFile::on_read(std::uint64_t offset, ByteView bytes, bool last, const Telling& telling) {
  read_.seen.add_read(offset, bytes);
  progress(read_, last, size_to_read(), "rdpdr.read", other(telling.server), telling);
}

/// SPEC: 2.2.3.4.3 leaves open whether less than was asked for means that there is no more; files
/// on a disk have no other reason.
void OpenFile::on_read_done(const Range& asked, std::uint64_t moved) {
  read_.failed.reset();
  if (size_.has_value() || moved >= asked.length) { return; }
  if (moved > 0 || asked.offset == read_.seen.end()) { size_ = asked.offset + moved; }
}

void OpenFile::on_read_failed(const Range& asked, std::uint32_t status) {
  if (status != kEndOfFile) {
    read_.failed = named_status(status);
  } else if (!size_.has_value() && asked.offset == read_.seen.end()) {
    size_ = asked.offset;
  }
}

std::uint64_t OpenFile::place_of(const Range& asked) const {
  return asked.offset == kAppend ? size_.value_or(written_.seen.end()) : asked.offset;
}

void OpenFile::on_write(std::uint64_t offset, ByteView bytes, bool last, const Telling& telling) {
  if (!writing_) {
    writing_ = true;
    size_before_writing_ = size_;
    if (!read_.seen.covers(size_.value_or(UINT64_MAX))) { read_.seen.spoil(); }
  }
  written_.seen.add_written(offset, bytes);
  if (size_.has_value()) { size_ = std::max(*size_, written_.seen.end()); }
  progress(written_, last, announced_, "rdpdr.write", telling.server, telling);
}

void OpenFile::on_written(const Range& asked, std::uint32_t status, std::uint32_t moved) {
  if (status >= 0xc0000000) {
    written_.failed = named_status(status);
  } else if (moved < asked.length) {
    written_.seen.spoil();
  }
}

void OpenFile::on_loss(bool by_server) {
  read_.lost = true;
  written_.lost = written_.lost || by_server;
  if (by_server) {
    replaced_ = true;
    read_.seen.spoil();
    written_.seen.spoil();
    if (writing_ || emptied_) { size_.reset(); }
  }
}

void OpenFile::progress(Move& move, bool last, std::optional<std::uint64_t> size, const char* rule,
                        Side from, const Telling& telling) {
  const auto bytes = move.seen.bytes();
  if (bytes == 0 || directory_) { return; }
  if (move.id == 0) {
    if (is_folder_settings(name_) && (!last || bytes <= kMostFolderSettings)) { return; }
    move.id = ++telling.last_id;
    move.of_another = replaced_;
    auto started = step(Step::Kind::kStarted, move, size);
    started.bytes = 0;
    started.sha256.reset();
    tell(std::move(started), rule, from, telling);
  }
  if (!last || bytes == move.told) { return; }
  const bool complete = size.has_value() && move.seen.covers(*size);
  if (complete || bytes - move.told > move.told / kPartsTold) {
    move.told = bytes;
    tell(step(Step::Kind::kProgress, move, size), rule, from, telling);
  }
}

Step OpenFile::step(Step::Kind kind, const Move& move, std::optional<std::uint64_t> size) const {
  Step step{.mechanism = Step::Mechanism::kDrive, .kind = kind, .id = move.id};
  step.bytes = move.seen.bytes();
  step.lost = move.lost;
  if (move.of_another) { return step; }
  step.name = name_;
  step.size = size;
  if (size.has_value()) { step.sha256 = move.seen.digest_of(*size); }
  return step;
}

/// No byte of an empty file moves; whether it was given or taken shows by how it was opened.
void OpenFile::tell_empty(const Telling& telling) {
  const bool nothing = size_ == 0 && read_.seen.bytes() + written_.seen.bytes() == 0;
  if (!nothing || read_.lost || written_.lost || directory_ || deletes_) { return; }
  if (is_folder_settings(name_) || (!emptied_ && (!opened_to_read_ || writing_))) { return; }
  auto& move = emptied_ ? written_ : read_;
  move.id = ++telling.last_id;
  tell(step(Step::Kind::kStarted, move, 0), "rdpdr.close",
       emptied_ ? telling.server : other(telling.server), telling);
}

void OpenFile::close(const Telling& telling) {
  tell_empty(telling);
  end("rdpdr.close", false, telling);
  if (deletes_ && !directory_) {
    tell({.mechanism = Step::Mechanism::kDrive, .kind = Step::Kind::kDeleted, .name = name_},
         "rdpdr.close", telling.server, telling);
  }
}

void OpenFile::cut_off(const char* rule, const Telling& telling) {
  end(rule, true, telling);
}

void OpenFile::end(const char* rule, bool cut_off, const Telling& telling) {
  end(read_, size_to_read(), rule, cut_off, other(telling.server), telling);
  // Of a file that was there before only what is written to it is seen, not how large it is.
  end(written_, emptied_ ? size_ : std::nullopt, rule, cut_off, telling.server, telling);
}

void OpenFile::end(Move& move, std::optional<std::uint64_t> size, const char* rule, bool cut_off,
                   Side from, const Telling& telling) {
  if (move.id == 0) { return; }
  auto told = step(Step::Kind::kEnded, move, size);
  const bool whole = size.has_value() && move.seen.covers(*size);
  told.cut_off = cut_off && !whole;
  // A failed attempt to read does not matter where all was read in the end.
  if (&move != &read_ || !whole) { told.status = move.failed; }
  if (told.status.has_value()) { told.sha256.reset(); }
  move.id = 0;
  tell(std::move(told), rule, from, telling);
}

void OpenFile::tell(Step step, const char* rule, Side from, const Telling& telling) {
  telling.out.observe(telling.at, from, rule, std::move(step));
}

}  // namespace remora::drives
