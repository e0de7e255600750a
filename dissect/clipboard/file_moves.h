#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "capture/base/bytes.h"
#include "capture/base/flow_key.h"
#include "capture/base/frame.h"
#include "dissect/clipboard/file_list.h"
#include "dissect/conversation/findings.h"
#include "dissect/encoding/file_stretches.h"
#include "dissect/observation/shared_file.h"

namespace remora::clipboard {

/// Where it is said what happens to files.
struct Telling {
  Side owner{};  ///< on whose clipboard they are
  Instant at;
  Findings& out;
  std::uint64_t& last_id;  ///< of the transfers of the connection
};

/// Files of one side's clipboard on their way to the other: what was asked of a file, and what
/// came.
///
///   first bytes ─► started ── all of its size ─► ended
///                    └── refused, or the list gone ─► ended
///
/// State: counts and digests. LIMIT `kMaxMoving` files at a time; of more the oldest is cut off.
class FileMoves {
 public:
  static constexpr std::size_t kMaxMoving = 16;
  /// LIMIT: refusals told of one side.
  static constexpr std::size_t kMaxRefusals = 64;

  void on_size(FileList& list, std::uint32_t index, std::uint64_t size);
  /// So much came where `asked` was wanted; the bytes follow.
  void on_range(FileList& list, const ContentsRequest& asked, std::uint64_t moved);
  void on_bytes(FileList& list, std::uint32_t index, std::uint64_t offset, ByteView bytes,
                bool last, const Telling& telling);
  void on_failed(FileList& list, const ContentsRequest& asked, const Telling& telling);
  /// Something is missing. `of_owner`: perhaps another list is on the clipboard now, until the next
  /// is told; what moves until then has no digest.
  void on_loss(bool of_owner);
  void on_formats() { doubtful_ = false; }
  /// A list is gone: `rule`.
  void forget(FileList& list, const char* rule, const Telling& telling);

 private:
  using Step = observation::SharedFileStep;
  struct Move {
    std::uint64_t id{0};
    std::uint64_t list{0};
    std::uint32_t index{0};
    std::string name{};
    std::optional<std::uint64_t> size{};
    encoding::FileStretches seen{};
    std::uint64_t told{0};
    bool lost{false};
    bool doubtful{false};  ///< whether it is this file
  };
  using Moves = std::vector<Move>;

  [[nodiscard]] Moves::iterator find(std::uint64_t list, std::uint32_t index);
  Move* begin(FileList& list, std::uint32_t index, std::uint64_t offset, const Telling& telling);
  void progress(Moves::iterator move, FileList& list, const Telling& telling);
  void cut_off(Moves::iterator move, const char* rule, const Telling& telling);
  static void tell(Step::Kind kind, const Move& move, const char* rule, const Telling& telling);
  [[nodiscard]] static Step step(Step::Kind kind, const Move& move);

  Moves moving_;
  bool doubtful_{false};
  std::size_t refusals_{0};
};

}  // namespace remora::clipboard
