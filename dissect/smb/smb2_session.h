#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "capture/base/bytes.h"
#include "capture/base/flow_key.h"
#include "capture/base/frame.h"
#include "dissect/conversation/findings.h"
#include "dissect/smb/asked.h"
#include "dissect/smb/data_run.h"
#include "dissect/smb/open_files.h"
#include "dissect/smb/smb2.h"
#include "dissect/smb/smb2_files.h"

namespace remora::smb {

/// What a connection of SMB 2 or 3 does with files and pipes: trees, opens, pieces, deletions,
/// renames.
///
/// State: trees, opens, requests that wait; each with its LIMIT.
class Smb2Session {
 public:
  /// LIMIT: tree connects remembered.
  static constexpr std::size_t kMaxTrees = 64;

  /// Whether the message must be seen whole to be read; what is not, and has no data of interest,
  /// is passed over.
  [[nodiscard]] static bool is_read_whole(const Smb2Header& header);
  /// A whole message, from its header on.
  void on_message(Side from, const Smb2Header& header, ByteView message, Instant at, Findings& out);

  /// A READ response, a WRITE request, or an IOCTL of either side.
  [[nodiscard]] static bool has_data(const Smb2Header& header);
  /// How many bytes of it `data_of` needs.
  [[nodiscard]] static std::size_t fixed_bytes(const Smb2Header& header);
  /// Its data, where it can matter.
  [[nodiscard]] std::optional<DataRun> data_of(const Smb2Header& header, ByteView fixed);

  [[nodiscard]] OpenFiles& files() { return files_; }

 private:
  using TreeKey = std::pair<std::uint64_t, std::uint32_t>;  ///< SessionId, TreeId

  void on_request(Side from, const Smb2Header& header, ByteView message);
  void ask_create(const Smb2Header& header, ByteView message);
  void ask_read(const Smb2Header& header, ByteView body);
  void ask_set_info(const Smb2Header& header, ByteView message);
  void on_response(Side from, const Smb2Header& header, ByteView message, Instant at,
                   Findings& out);
  void on_success(Side client, const Asked& asked, const Smb2Header& header, ByteView body,
                  Instant at, Findings& out);
  [[nodiscard]] std::string share_of_tree(const Smb2Header& header) const;
  [[nodiscard]] std::optional<DataRun> data_of_request(const Smb2Header& header, ByteView body);
  [[nodiscard]] std::optional<DataRun> data_of_response(const Smb2Header& header, ByteView body);
  [[nodiscard]] std::optional<OpenFiles::Number> number_of(const Smb2Header& header, FileKey file);

  std::map<TreeKey, std::string> trees_;
  OpenFiles files_;
  AskedTable asked_;
  OpenFiles::Number chain_{0};  ///< the open that related requests speak of
  std::optional<std::uint32_t> chain_tree_;
};

}  // namespace remora::smb
