#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "remora/v1/event.pb.h"

namespace remora::event_file {

enum class Format : std::uint8_t {
  kProtobuf,   ///< length-delimited remora.v1.Event, for `remora decode`
  kJsonLines,  ///< one event a line
};

/// The file in which events are kept. One process at a time has it. It only grows; nobody else may
/// write to it.
class EventFile {
 public:
  /// Opens `path`, or makes it with mode 0600; in a folder, `events.pb` or `events.jsonl`. A last
  /// event that a crash cut off is cut away; a file with other damage is renamed and a new one
  /// begun. What was done is told in `notice`. Fails with what, where, what to do.
  [[nodiscard]] static tl::expected<EventFile, std::string> open(std::string path, Format format,
                                                                 std::string& notice);
  EventFile(EventFile&& other) noexcept;
  EventFile& operator=(EventFile&& other) noexcept;
  EventFile(const EventFile&) = delete;
  EventFile& operator=(const EventFile&) = delete;
  ~EventFile();

  /// Holds the event until the next commit. `bytes`: the event, serialized. False: it cannot be
  /// written in this format, and is not held.
  [[nodiscard]] bool append(const v1::Event& event, std::string_view bytes);
  /// Writes what was appended and, with `sync`, waits until the disk has it. After a failure the
  /// file is as it was, and what was appended is dropped; unless it is `broken`.
  [[nodiscard]] tl::expected<void, std::string> commit(bool sync = true);
  /// What the disk has is not known any more: the file is to be opened anew.
  [[nodiscard]] bool broken() const { return broken_; }
  [[nodiscard]] bool has_pending() const { return !pending_.empty(); }
  [[nodiscard]] const std::string& path() const { return path_; }
  /// Of what was committed.
  [[nodiscard]] std::uint64_t bytes() const { return written_bytes_; }
  /// False once somebody moved the file away.
  [[nodiscard]] bool stands_at_its_path() const;

 private:
  EventFile(int descriptor, std::string path, Format format);
  [[nodiscard]] tl::expected<void, std::string> fail(const std::string& what);

  int descriptor_;
  std::string path_;
  Format format_;
  std::uint64_t written_bytes_{0};
  std::string pending_;
  bool broken_{false};
};

}  // namespace remora::event_file
