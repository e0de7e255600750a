#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "capture/base/bytes.h"
#include "dissect/clipboard/pdu.h"

namespace remora::clipboard {

/// The files that one side put on the clipboard at a time: CLIPRDR_FILELIST, [MS-RDPECLIP]
/// 2.2.5.2.3, read as it comes. Files that nobody listed have no name.
///
/// State: LIMIT `kMaxFiles` files and `kMaxNameBytes` of names; the others have no name.
class FileList {
 public:
  static constexpr std::size_t kMaxFiles = 1000;
  static constexpr std::size_t kMaxNameBytes = 64U << 10U;

  struct File {
    FileDescriptor about{};
    bool moved{false};    ///< all of it, once
    bool refused{false};  ///< and that was told
  };

  /// `serial` is the list's own among those of its side.
  explicit FileList(std::uint64_t serial) : serial_{serial} {}

  [[nodiscard]] std::uint64_t serial() const { return serial_; }

  /// The list comes, of `bytes` bytes in all.
  void begin(std::uint64_t bytes);
  void add(ByteView bytes);

  /// Null beyond the limit.
  [[nodiscard]] File* file(std::uint32_t index);

  // The other side may still ask for the files of a list when another has taken its place, 2.2.4.1.
  void lock(std::uint32_t id);
  void unlock(std::uint32_t id);
  [[nodiscard]] bool locked_by(std::uint32_t id) const;
  [[nodiscard]] bool locked() const { return !locks_.empty(); }

 private:
  /// LIMIT: locks of one list.
  static constexpr std::size_t kMaxLocks = 8;

  void add_descriptor();

  std::uint64_t serial_;
  std::vector<File> files_;
  std::vector<std::uint32_t> locks_;
  std::vector<std::byte> part_;  ///< the count, or a descriptor, that is not whole yet
  std::uint64_t list_bytes_{0};
  std::uint32_t to_come_{0};  ///< descriptors
  std::size_t listed_{0};
  std::size_t name_bytes_{0};
  bool counted_{false};
};

}  // namespace remora::clipboard
