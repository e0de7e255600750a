#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "dissect/smb/open_files.h"

namespace remora::smb {

/// A request whose answer matters.
struct Asked {
  enum class Kind : std::uint8_t {
    kTree,
    kOpen,
    kRead,
    kTransceive,  ///< written to a pipe and read from it
    kClose,
    kDeletePending,
    kRename,
    kDeletePath,
    kRenamePath,
  };
  Kind kind{};
  OpenFiles::Number number{0};   ///< of the open
  std::uint64_t file_offset{0};  ///< of kRead
  bool delete_pending{false};    ///< of kDeletePending
  std::string share{};           ///< of kTree, kDeletePath, kRenamePath
  std::string path{};            ///< of the last two
  std::string new_path{};        ///< of kRename, kRenamePath
};

/// The requests that wait for their answers, by MessageId or MID. Some answers never come, or are
/// not captured.
///
/// State: LIMIT kMaxWaiting; the oldest are forgotten.
class AskedTable {
 public:
  static constexpr std::size_t kMaxWaiting = 512;

  void ask(std::uint64_t id, Asked asked);
  [[nodiscard]] std::optional<Asked> take(std::uint64_t id);
  [[nodiscard]] bool empty() const { return waiting_.empty(); }

 private:
  struct Entry {
    Asked asked;
    std::uint64_t order{0};
  };
  std::map<std::uint64_t, Entry> waiting_;
  std::map<std::uint64_t, std::uint64_t> ids_;  ///< by order
  std::uint64_t next_order_{0};
};

}  // namespace remora::smb
