#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "capture/base/time.h"
#include "dissect/observation/shared_file.h"
#include "dissect/session/session_event.h"

namespace remora::session {

/// The files that a session moves, or otherwise changes, on redirected drives and by the clipboard.
///
/// State: LIMIT `kMaxOpen` transfers under way, `kMaxTold` transfers and operations told of one
/// session. What is begun within the limit is ended too.
class SharedFiles {
 public:
  static constexpr std::size_t kMaxOpen = 600;
  static constexpr std::size_t kMaxTold = 10'000;

  // Each appends what follows to `out`: FileTransferStarted, FileTransferEnded, FileOperation.
  void on_step(const observation::SharedFileStep& step, bool by_client, Moment at,
               std::vector<Happening>& out);
  /// The session is over.
  void on_end(Moment at, std::vector<Happening>& out);

 private:
  using Key = std::pair<observation::SharedFileStep::Mechanism, std::uint64_t>;

  void begin(const observation::SharedFileStep& step, bool by_client, Moment at,
             std::vector<Happening>& out);
  void operate(const observation::SharedFileStep& step, bool by_client,
               std::vector<Happening>& out);

  std::map<Key, FileTransfer> open_;
  std::size_t told_{0};
};

}  // namespace remora::session
