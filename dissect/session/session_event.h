#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "capture/base/flow_key.h"
#include "capture/base/frame.h"
#include "dissect/observation/observation.h"
#include "dissect/session/evidence.h"
#include "dissect/session/session.h"

namespace remora::session {

struct Opened {};
struct Accepted {
  enum class By : std::uint8_t { kLicense, kActivation, kInferred, kAssistance };
  By by{};
};
struct Updated {};
struct Closed {};
/// A user logged on, or failed to: to the Windows session behind the connection, or, before there
/// is one, by network level authentication.
struct Logon {
  enum class Method : std::uint8_t {
    kSaveSessionInfo,
    kCredSspNtlm,
    kCredSspKerberos,
    kCredSsp,  ///< with another package, or with one that was not seen
    kRdstls,
    kRdsAad,
  };
  SessionUser user;
  Method method{Method::kSaveSessionInfo};
  bool succeeded{false};
  std::optional<std::uint32_t> windows_session_id;
  std::optional<observation::NamedCode> error;
  std::optional<observation::NamedCode> error_detail{};
  const char* notification{""};  ///< form of kSaveSessionInfo; a literal
};
struct Anomaly {
  std::string code;
  std::string detail;
  std::optional<std::uint32_t> count{};  ///< of all, where it happened again
};

/// In Remote Assistance: the RDP client, and the RDP server.
enum class ControlRole : std::uint8_t { kExpert, kNovice };

/// The expert took control, not only the view, of the novice's machine.
struct ControlStarted {
  Moment start;
  std::string by;  ///< name of the expert; empty where it is not known
};
struct ControlEnded {
  Moment start;
  Moment end;
  std::string by;                   ///< name of who ended it; empty where it is not known
  std::optional<ControlRole> role;  ///< absent when the session ended first
};

enum class FileResult : std::uint8_t {
  kCompleted,
  kRefused,
  kIncomplete,
  kCancelledBySender,
  kCancelledByReceiver,
  kAborted,
  kNoResponse,
  kFailed,
  kCancelled,  ///< by whom is not known
};

/// What moved a file.
enum class FileMechanism : std::uint8_t { kAssistance, kDrive, kClipboard };

/// A file that a session moved over one of its channels.
struct FileTransfer {
  Moment start;
  std::optional<Moment> end{};
  std::optional<FileResult> result{};
  std::string name{};                   ///< as announced; empty where that was not read
  std::optional<std::uint64_t> size{};  ///< as announced, or counted
  bool to_server{false};                ///< from client (expert) to server (novice)
  bool internal{false};                 ///< contact exchange, no user's file
  FileMechanism mechanism{FileMechanism::kAssistance};
  std::optional<std::uint64_t> transferred{};
  std::optional<observation::Sha256> sha256{};
  std::optional<observation::NamedCode> status{};  ///< of kFailed
};
struct FileTransferStarted {
  FileTransfer file;
};
struct FileTransferEnded {
  FileTransfer file;
};

/// Something else that was done to a file which one side shares.
struct FileOperation {
  enum class What : std::uint8_t { kDeleted, kRenamed, kRefused };
  What what{};
  std::string name{};
  std::string new_name{};  ///< of kRenamed
  FileMechanism mechanism{};
  std::optional<bool> to_server{};  ///< of kRefused: where the bytes would have gone
  std::optional<observation::NamedCode> status{};
};

using Happening = std::variant<Opened, Accepted, Updated, Closed, Logon, Anomaly, ControlStarted,
                               ControlEnded, FileTransferStarted, FileTransferEnded, FileOperation>;

/// Something that happened to a session, with the session as it then stood.
struct SessionEvent {
  Instant at;
  Happening what;
  Certainty certainty{Certainty::kObserved};
  double confidence{1.0};  ///< 1 unless inferred
  std::vector<Evidence> evidence;
  SocketAddress flow_initiator;  ///< of the carrying flow
  SocketAddress flow_acceptor;
  std::uint64_t ordinal{0};  ///< of this event in its session, from 0
  Session session;
};

}  // namespace remora::session
