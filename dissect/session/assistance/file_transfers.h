#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "capture/base/time.h"
#include "dissect/observation/observation.h"
#include "dissect/session/session_event.h"

namespace remora::session {

/// The files that a session moves over channels of Remote Assistance, [MS-RA] 3.9 (protocols-ra.md
/// 4.3). State: LIMIT `kMaxOpen` at once; the protocol has one.
class FileTransfers {
 public:
  static constexpr std::size_t kMaxOpen = 8;

  // Each appends what follows to `out`: FileTransferStarted, FileTransferEnded.
  void on_offer(const observation::AssistanceCommand& offer, bool by_client, Moment at,
                std::vector<Happening>& out);
  void on_step(const observation::FileStep& step, bool by_client, Moment at,
               std::vector<Happening>& out);
  /// The session is over.
  void on_end(Moment at, std::vector<Happening>& out);

 private:
  struct Open {
    FileTransfer file;
    bool answered{false};
  };
  using Transfers = std::map<std::string, Open>;  ///< by channel

  [[nodiscard]] Open* begin(const std::string& channel, FileTransfer file,
                            std::vector<Happening>& out);
  static void end(Open& open, FileResult result, Moment at, std::vector<Happening>& out);

  Transfers open_;
};

}  // namespace remora::session
