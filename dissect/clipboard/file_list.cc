#include "dissect/clipboard/file_list.h"

#include <algorithm>
#include <utility>

#include "capture/base/cursor.h"

namespace remora::clipboard {
namespace {

constexpr std::size_t kCountBytes = 4;  // cItems

}  // namespace

void FileList::begin(std::uint64_t bytes) {
  files_.clear();
  part_.clear();
  list_bytes_ = bytes;
  to_come_ = 0;
  listed_ = 0;
  name_bytes_ = 0;
  counted_ = false;
}

void FileList::add(ByteView bytes) {
  while (!bytes.empty() && (!counted_ || to_come_ > 0)) {
    const auto wanted = counted_ ? kDescriptorBytes : kCountBytes;
    const auto taken = std::min(bytes.size(), wanted - part_.size());
    part_.insert(part_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(taken));
    bytes = bytes.subspan(taken);
    if (part_.size() < wanted) { return; }
    if (counted_) {
      add_descriptor();
    } else {
      counted_ = true;
      const auto count = Cursor{part_}.u32le("cItems");
      // What has another size is another thing under a similar name.
      if (list_bytes_ >= kCountBytes + std::uint64_t{count} * kDescriptorBytes) {
        to_come_ = count;
      }
    }
    part_.clear();
  }
  if (to_come_ == 0) { part_ = {}; }
}

void FileList::add_descriptor() {
  --to_come_;
  auto* place = file(static_cast<std::uint32_t>(listed_++));
  if (place == nullptr) { return; }
  Cursor in{part_};
  place->about = read_file_descriptor(in);
  name_bytes_ += place->about.name.size();
  if (name_bytes_ > kMaxNameBytes) { place->about.name = {}; }
}

FileList::File* FileList::file(std::uint32_t index) {
  if (index >= kMaxFiles) { return nullptr; }
  if (index >= files_.size()) { files_.resize(index + 1U); }
  return &files_[index];
}

void FileList::lock(std::uint32_t id) {
  if (locked_by(id)) { return; }
  if (locks_.size() >= kMaxLocks) { locks_.erase(locks_.begin()); }
  locks_.push_back(id);
}

void FileList::unlock(std::uint32_t id) {
  std::erase(locks_, id);
}

bool FileList::locked_by(std::uint32_t id) const {
  return std::ranges::find(locks_, id) != locks_.end();
}

}  // namespace remora::clipboard
