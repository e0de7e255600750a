#include "dissect/smb/open_files.h"

#include <algorithm>
#include <utility>

namespace remora::smb {
namespace {

/// LIMIT: of a place and of a file's name, in bytes; longer ones are none.
constexpr std::size_t kMaxPlaceBytes = 2048;
constexpr std::size_t kMaxNameBytes = 255;

[[nodiscard]] char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Without separators around it, and without the name of its main stream.
[[nodiscard]] std::string_view trimmed(std::string_view path) {
  constexpr std::string_view kMainStream{"::$DATA"};
  while (path.starts_with('\\')) { path.remove_prefix(1); }
  if (path.ends_with(kMainStream)) { path.remove_suffix(kMainStream.size()); }
  while (path.ends_with('\\')) { path.remove_suffix(1); }
  return path;
}

}  // namespace

std::string place_of(const std::string& share, const std::string& path) {
  auto place = share + '\\' + std::string{trimmed(path)};
  if (share.empty() || place.size() > kMaxPlaceBytes) { return {}; }
  std::ranges::transform(place, place.begin(), to_lower);
  return place;
}

observation::Carriage carriage_of(const std::string& share, const std::string& path) {
  auto name = trimmed(path);
  if (const auto slash = name.rfind('\\'); slash != std::string_view::npos) {
    name.remove_prefix(slash + 1);
  }
  return {.protocol = "SMB",
          .file_name = name.size() > kMaxNameBytes ? std::string{} : std::string{name},
          .place = place_of(share, path),
          .server = {}};
}

std::string share_of(const std::string& tree_path) {
  const auto server = tree_path.find_first_not_of('\\');
  const auto share = tree_path.find('\\', server);
  if (server == std::string::npos) { return {}; }
  return share == std::string::npos ? '\\' + tree_path.substr(server) : tree_path.substr(share);
}

void tell_deleted(const observation::Carriage& carriage, Side client, const char* rule, Instant at,
                  Findings& out) {
  if (carriage.place.empty()) { return; }
  out.observe(at, client, rule, observation::CopyDeleted{.ticket = {}, .carriage = carriage});
}

void tell_moved(const observation::Carriage& carriage, std::string new_place, Side client,
                const char* rule, Instant at, Findings& out) {
  if (carriage.place.empty() || new_place.empty()) { return; }
  out.observe(at, client, rule,
              observation::CopyMoved{
                  .carriage = carriage, .new_place = std::move(new_place), .stays = false});
}

OpenFiles::Number OpenFiles::ask(OpenFile file) {
  const auto number = next_++;
  files_.emplace(number, std::move(file));
  if (files_.size() > kMaxOpen) { forget(files_.begin()->first); }
  return number;
}

void OpenFiles::grant(Number number, const FileKey& key, std::optional<std::uint64_t> size) {
  auto* file = find(number);
  if (file == nullptr) { return; }
  file->size = size;
  if (const auto before = numbers_.find(key); before != numbers_.end()) { forget(before->second); }
  numbers_[key] = number;
  keys_[number] = key;
}

void OpenFiles::refuse(Number number) {
  forget(number);
}

void OpenFiles::forget(Number number) {
  if (const auto key = keys_.find(number); key != keys_.end()) {
    numbers_.erase(key->second);
    keys_.erase(key);
  }
  files_.erase(number);
}

OpenFile* OpenFiles::find(Number number) {
  const auto place = files_.find(number);
  return place == files_.end() ? nullptr : &place->second;
}

std::optional<OpenFiles::Number> OpenFiles::number_of(const FileKey& key) const {
  const auto place = numbers_.find(key);
  return place == numbers_.end() ? std::nullopt : std::optional{place->second};
}

void OpenFiles::close(Number number, Side client, const char* rule, Instant at, Findings& out) {
  auto* file = find(number);
  if (file == nullptr) { return; }
  file->read.on_end(other(client), file->size, at, out);
  file->written.on_end(client, std::nullopt, at, out);
  if (file->deleted_on_close) {
    tell_deleted(carriage_of(file->share, file->path), client, rule, at, out);
  }
  forget(number);
}

/// A file that was not read to its end is not cut off: the client may not have wanted all of it.
void OpenFiles::on_end(Side client, Instant at, Findings& out) {
  for (auto& [number, file] : files_) { file.written.on_end(client, std::nullopt, at, out); }
}

void OpenFiles::rename(Number number, std::string path, Side client, const char* rule, Instant at,
                       Findings& out) {
  auto* file = find(number);
  if (file == nullptr || path.empty()) { return; }
  tell_moved(carriage_of(file->share, file->path), place_of(file->share, path), client, rule, at,
             out);
  file->path = std::move(path);
}

}  // namespace remora::smb
