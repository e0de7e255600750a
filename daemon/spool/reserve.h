#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace remora::spool {

/// A file that does nothing but take up room, to be given back when the disk is full: to delete
/// events SQLite must write, and without this a full disk could never be emptied.
class Reserve {
 public:
  Reserve(std::string path, std::uint64_t bytes) : path_{std::move(path)}, bytes_{bytes} {}

  /// Takes up the room; whether it has it. Costs nothing when it has.
  bool take();
  /// Gives it back; whether there was something to give.
  bool release();

 private:
  std::string path_;
  std::uint64_t bytes_;
  bool held_{false};
};

}  // namespace remora::spool
