#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/outputs/event_writer.h"
#include "daemon/pipeline/checksum_watch.h"
#include "dissect/conversation/context.h"

namespace remora::cli {

/// Whether key logs are read on while they grow; kAuto: where the standard input is read.
enum class FollowKeyLogs : std::uint8_t { kAuto, kAlways, kNever };

enum class ProgressMode : std::uint8_t { kAuto, kAlways, kNever };

struct ReplayOptions {
  std::vector<std::string> files;
  std::optional<outputs::Format> format;  ///< absent: table on a terminal, JSON lines otherwise
  std::string output;                     ///< empty: standard output
  std::string config;                     ///< says where events go besides; empty: nowhere
  std::string store;                      ///< also kept here; empty: in none
  std::string bpf;
  std::string stats;
  unsigned threads{1};
  pipeline::Checksums checksums{pipeline::Checksums::kAuto};
  std::size_t memory_mib{256};  ///< for flows and their streams
  std::vector<std::string> key_logs;
  FollowKeyLogs follow_key_logs{FollowKeyLogs::kAuto};
  std::vector<std::string> rsa_keys;
  std::string rsa_passphrase_file;
  bool memory_locked{true};          ///< what keeps keys
  bool ignore_embedded_keys{false};  ///< that captures bring themselves
  Context context;                   ///< passwords, and what to look for besides
  ProgressMode progress{ProgressMode::kAuto};
};

/// Reads captures and writes the events found in them. Each file is a capture of its own.
[[nodiscard]] int replay(ReplayOptions& options);

}  // namespace remora::cli
