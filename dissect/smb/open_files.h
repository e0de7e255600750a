#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "capture/base/flow_key.h"
#include "capture/base/frame.h"
#include "dissect/conversation/findings.h"
#include "dissect/observation/ticket.h"
#include "dissect/smb/file_content.h"

namespace remora::smb {

/// What names an open in a session: FileId, [MS-SMB2] 2.2.14.1, or FID, [MS-CIFS] 2.2.1.6.1.
struct FileKey {
  std::uint64_t session{0};
  std::uint64_t persistent{0};
  std::uint64_t transient{0};  ///< Volatile; FID
  auto operator<=>(const FileKey&) const = default;
};

/// What is opened on this share is a pipe.
inline constexpr const char* kPipeShare = "\\IPC$";

/// One open of a file, or of a named pipe.
struct OpenFile {
  std::string share{};  ///< "\\share"; empty where the tree connect was not seen
  std::string path{};   ///< below it, as sent: "folder\\file"
  bool is_pipe{false};
  bool deleted_on_close{false};
  std::optional<std::uint64_t> size{};  ///< when it was opened
  FileContent read{};
  FileContent written{};

  [[nodiscard]] bool wants_read(std::uint64_t offset) const {
    return is_pipe || read.wants(offset);
  }
  [[nodiscard]] bool wants_written(std::uint64_t offset) const {
    return is_pipe || written.wants(offset);
  }
};

/// "\\share\\folder\\file": SMB does not tell upper from lower case, so that is folded (ASCII).
/// Empty beyond the limit.
[[nodiscard]] std::string place_of(const std::string& share, const std::string& path);
[[nodiscard]] observation::Carriage carriage_of(const std::string& share, const std::string& path);
/// "\\srv\\share" without the server.
[[nodiscard]] std::string share_of(const std::string& tree_path);

/// The opens of one connection, from the request on. An open has a number of its own, because
/// related requests speak of it before the server has named it.
///
/// State: LIMIT kMaxOpen; the oldest are forgotten.
class OpenFiles {
 public:
  using Number = std::uint64_t;
  static constexpr std::size_t kMaxOpen = 256;

  Number ask(OpenFile file);
  void grant(Number number, const FileKey& key, std::optional<std::uint64_t> size);
  void refuse(Number number);

  [[nodiscard]] OpenFile* find(Number number);
  [[nodiscard]] std::optional<Number> number_of(const FileKey& key) const;

  /// The client has closed it: tells what was cut off, and the deletion that was asked for.
  void close(Number number, Side client, const char* rule, Instant at, Findings& out);
  /// The client has said its last: what it was still writing is cut off.
  void on_end(Side client, Instant at, Findings& out);
  /// It was renamed.
  void rename(Number number, std::string path, Side client, const char* rule, Instant at,
              Findings& out);

 private:
  void forget(Number number);

  std::map<Number, OpenFile> files_;
  std::map<FileKey, Number> numbers_;
  std::map<Number, FileKey> keys_;
  Number next_{1};
};

/// A file was deleted, or moved, by its name.
void tell_deleted(const observation::Carriage& carriage, Side client, const char* rule, Instant at,
                  Findings& out);
void tell_moved(const observation::Carriage& carriage, std::string new_place, Side client,
                const char* rule, Instant at, Findings& out);

}  // namespace remora::smb
