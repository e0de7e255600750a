#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dissect/conversation/dissector.h"
#include "dissect/ftp/control_line.h"
#include "dissect/ftp/data_address.h"
#include "dissect/ftp/path.h"
#include "dissect/observation/ticket.h"

namespace remora::ftp {

/// A control connection of FTP.
///
///   PASV, EPSV answered, or PORT, EPRT ─► RETR, STOR… : the data connection is announced
///   DELE answered 250: the copy is deleted.  RNFR, RNTO answered 250: it is moved
///   AUTH answered 234 ─► tls
///
/// State: working directory, data port, commands that wait for their replies.
class FtpDissector final : public Dissector {
 public:
  /// LIMIT: commands waiting; more than any client sends ahead.
  static constexpr std::size_t kMaxWaiting = 16;
  /// LIMIT: lines that are neither command nor reply before the flow is left.
  static constexpr std::uint32_t kMaxStrangeLines = 8;

  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;

 private:
  enum class Verb : std::uint8_t {
    kOther,
    kChangeFolder,
    kFolderUp,
    kPrintFolder,
    kPassive,
    kExtendedPassive,
    kStoreUnique,
    kDelete,
    kRenameFrom,
    kRenameTo,
    kAuthenticate,
  };
  struct Waiting {
    Verb verb{Verb::kOther};
    std::string path{};  ///< resolved
  };
  struct DataPort {
    Side listener{};
    DataAddress where;
  };

  void on_command(Side from, std::string_view line, Instant at, Findings& out);
  [[nodiscard]] Waiting waiting_for(const Command& command) const;
  void set_data_port(Side listener, const std::optional<DataAddress>& where);
  void announce(Side from, const std::string& path, const char* rule, Instant at, Findings& out);
  void on_reply(Side from, std::string_view line, Instant at, Findings& out);
  void on_final_reply(Side from, const Waiting& answered, const Reply& reply, Instant at,
                      Findings& out);
  void on_strange_line(Findings& out);

  std::optional<Side> server_;
  std::string folder_{kHome};
  std::string renamed_;  ///< by RNFR that was granted
  std::optional<DataPort> data_port_;
  std::vector<Waiting> waiting_;
  std::uint16_t long_reply_{0};  ///< the code that ends the reply of several lines
  std::array<bool, 2> lost_{};   ///< by index_of(Side): up to the next line
  std::uint32_t strange_lines_{0};
};

}  // namespace remora::ftp
