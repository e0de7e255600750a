#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "capture/base/bytes.h"
#include "capture/base/flow_key.h"
#include "capture/base/frame.h"
#include "dissect/conversation/findings.h"
#include "dissect/smb/asked.h"
#include "dissect/smb/data_run.h"
#include "dissect/smb/open_files.h"
#include "dissect/smb/smb1.h"

namespace remora::smb {

/// What a connection of SMB 1 does with files and pipes: trees, opens, pieces, deletions, renames.
///
/// State: trees, opens, requests that wait; each with its LIMIT.
class Smb1Session {
 public:
  /// LIMIT: tree connects remembered.
  static constexpr std::size_t kMaxTrees = 64;
  /// Enough for the words of every message with data.
  static constexpr std::size_t kFixedBytes = kSmb1HeaderBytes + 1 + 2 * 16 + 2;

  [[nodiscard]] static bool is_read_whole(const Smb1Header& header);
  /// A whole message, from its header on.
  void on_message(Side from, const Smb1Header& header, ByteView message, Instant at, Findings& out);

  [[nodiscard]] static bool has_data(const Smb1Header& header);
  /// The data of a read's answer or a write, where it can matter. `start`: the message, or its
  /// first kFixedBytes.
  [[nodiscard]] std::optional<DataRun> data_of(const Smb1Header& header, ByteView start);

  [[nodiscard]] OpenFiles& files() { return files_; }

 private:
  void on_request(const Smb1Header& header, ByteView message);
  void ask_open(const Smb1Header& header, const Smb1Block& block);
  void ask_names(const Smb1Header& header, const Smb1Block& block);
  void ask_set_file(const Smb1Header& header, const Smb1Block& block, ByteView message);
  void on_response(Side client, const Smb1Header& header, ByteView message, Instant at,
                   Findings& out);
  void on_success(Side client, const Asked& asked, const Smb1Header& header, const Smb1Block* block,
                  Instant at, Findings& out);
  [[nodiscard]] std::optional<DataRun> data_of_request(const Smb1Header& header,
                                                       const Smb1Block& block);
  [[nodiscard]] std::optional<DataRun> data_of_response(const Smb1Header& header,
                                                        const Smb1Block& block);
  [[nodiscard]] std::string share_of_tree(const Smb1Header& header) const;
  [[nodiscard]] std::optional<OpenFiles::Number> number_of(std::uint16_t fid) const;

  std::map<std::uint16_t, std::string> trees_;  ///< by TID
  OpenFiles files_;
  AskedTable asked_;
};

}  // namespace remora::smb
