#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dissect/observation/named_code.h"
#include "dissect/observation/ticket.h"

// What the channels of a session tell, and what Remote Assistance says on them.

namespace remora::observation {

/// A dynamic virtual channel is in use, [MS-RDPEDYC] 2.2.2.
struct DynamicChannelOpened {
  std::string name{};
  bool operator==(const DynamicChannelOpened&) const = default;
};

/// What a channel carries is compressed, and not read. Told once per channel.
struct ChannelCompressed {
  std::string channel{};
  bool operator==(const ChannelCompressed&) const = default;
};

/// The server draws; told once after each message that it sends on a channel.
struct GraphicsSent {
  bool operator==(const GraphicsSent&) const = default;
};

/// A session initialization message, [MS-RA] 2.2.1. Passwords, and proofs of them, are not kept.
struct AssistanceMessage {
  enum class Kind : std::uint32_t {
    kRemoteControlDesktop = 1,
    kResult = 2,
    kAuthenticate = 3,
    kServerAnnounce = 4,
    kDisconnect = 5,
    kVersionInfo = 6,
    kIsConnected = 7,
    kVerifyPassword = 8,
    kExpertOnVista = 9,
    kNoviceName = 10,
    kExpertName = 11,
    kToken = 12,
  };
  Kind kind{};                           ///< any value may occur
  std::optional<NamedCode> result{};     ///< of kResult, 2.2.6
  std::optional<std::uint32_t> major{};  ///< of kVersionInfo
  std::optional<std::uint32_t> minor{};
  /// NAME of an expertBlob, or the name that kNoviceName and kExpertName give. UTF-8.
  std::string name{};
  /// SHA-256 of the RA session id in the connection string that the expert shows.
  std::optional<Sha256> session_id_digest{};
  std::vector<std::string> host_names{};  ///< in its list of addresses: of the one who waited
  bool operator==(const AssistanceMessage&) const = default;
};

/// An RCCOMMAND, [MS-RA] 2.2.2.
struct AssistanceCommand {
  enum class Kind : std::uint8_t {
    kControlAsked,      ///< REMOTECTRLSTART
    kControlGranted,    ///< ACCEPTRC
    kControlRefused,    ///< REJECTRC
    kControlForbidden,  ///< DENIEDRC
    kControlTaken,      ///< TAKECONTROL: the novice took it back
    kControlEscaped,    ///< ESCRC: the same by a key
    kControlEnded,      ///< REMOTECTRLEND
    kControlAborted,    ///< ABORTRC
    kFileOffered,       ///< FILEXFER
    kExpertAddress,     ///< EXPERTIP
    kVoice,             ///< VOIPGO
    kOther,             ///< any other, known or not
  };
  Kind kind{};
  std::string file_name{};  ///< of kFileOffered; UTF-8, as sent
  std::optional<std::uint64_t> file_size{};
  std::string channel{};                 ///< of kFileOffered: where the file goes
  bool internal{false};                  ///< of kFileOffered: contact exchange, no user's file
  std::vector<std::string> addresses{};  ///< of kExpertAddress the expert's, of kVoice the novice's
  bool operator==(const AssistanceCommand&) const = default;
};

/// A step of a file's transfer on its channel, [MS-RA] 2.2.3, 3.9.
struct FileStep {
  enum class Kind : std::uint8_t {
    kAccepted,  ///< FILEXFERACK, or the first bytes of a file whose answer is not readable
    kRejected,  ///< FILEXFERREJECT, from either side at any time
    kEnded,     ///< FILEXFEREND
    kProgress,  ///< of a transfer that goes on
  };
  Kind kind{};
  std::string channel{};
  std::optional<std::uint64_t>
      bytes{};  ///< of the file that moved so far; absent where some were not seen, as the next
  std::optional<Sha256> sha256{};  ///< of them all; absent where some were not seen
  bool operator==(const FileStep&) const = default;
};

/// A chat message went by; what it says is not kept.
struct ChatSeen {
  bool operator==(const ChatSeen&) const = default;
};

/// A participant was added or its rights changed, [MS-RDPEMC] 2.2.4.1.
struct ParticipantSeen {
  std::uint32_t id{0};
  bool may_view{false};
  bool may_interact{false};
  bool is_receiver{false};  ///< IS_PARTICIPANT: it is whoever receives this
  std::string name{};       ///< UTF-8
  bool operator==(const ParticipantSeen&) const = default;
};

/// 2.2.4.2.
struct ParticipantLeft {
  std::uint32_t id{0};
  bool by_participant{false};  ///< else the host ended it
  std::uint32_t code{0};
  bool operator==(const ParticipantLeft&) const = default;
};

/// A participant asks for a control level, 2.2.4.3, or is answered, 2.2.4.4.
struct ControlLevel {
  std::uint32_t participant{0};
  bool view{false};
  bool interact{false};
  std::optional<std::uint32_t> reason{};  ///< of the answer
  bool operator==(const ControlLevel&) const = default;
};

/// The novice paused the picture, or let it go on, 2.2.5.
struct PicturePaused {
  bool paused{false};
  bool operator==(const PicturePaused&) const = default;
};

/// An encrypted message on a channel of Remote Assistance: its length is all that is known.
struct SealedAssistance {
  enum class Channel : std::uint8_t { kControl, kParticipants };  ///< "remdesk"; "encomsp"
  Channel channel{};
  std::uint64_t bytes{0};     ///< of one message
  std::uint64_t messages{1};  ///< of that size, one after the other
  bool compressible{false};   ///< the client asked for compression on the channel
  bool operator==(const SealedAssistance&) const = default;
};

}  // namespace remora::observation
