#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace remora::watch {

/// Of an interface, since the daemon started.
struct InterfaceFigures {
  std::string name{};
  bool up{false};  ///< it is open, and the kernel says that it runs
  std::uint64_t packets{0};
  std::uint64_t bytes{0};
};

/// Packets, or parts of them, that were not read. One for each interface, place and reason.
struct DropFigures {
  enum class Where : std::uint8_t {
    kKernel,     ///< the capture buffer was full
    kInterface,  ///< the card or its driver had no room
    kRing,       ///< the program's own queue had no room
    kParser,     ///< the program kept no more, or could not read it
  };
  std::string interface {};  ///< empty where it is not known
  Where where{Where::kKernel};
  std::string reason{};
  std::uint64_t count{0};
};

/// Of an output (delivery::Progress).
struct OutputFigures {
  std::string name{};
  std::uint64_t queued{0};   ///< events that wait in the spool, now
  std::uint64_t sent{0};     ///< events
  std::uint64_t failed{0};   ///< batches that were tried again
  std::uint64_t refused{0};  ///< events that the receiver will not have
  std::uint64_t skipped{0};  ///< events that are not for it
};

/// Everything that /metrics shows. What is absent, or an empty list, is left out there. LIMIT:
/// interfaces and outputs are those of the configuration; words are the program's own.
struct Figures {
  std::string version{};
  std::optional<std::chrono::system_clock::time_point> started{};

  std::vector<InterfaceFigures> interfaces{};
  std::vector<DropFigures> drops{};
  /// From the capture of the newest packet until it was read; absent before the first.
  std::optional<std::chrono::milliseconds> capture_lag{};
  std::uint64_t flows{0};        ///< in memory, now
  std::uint64_t flows_total{0};  ///< that were ever placed there

  std::uint64_t sessions_opened{0};               ///< open now, of which nobody was let in yet
  std::uint64_t sessions_accepted{0};             ///< open now, in which somebody was
  std::map<std::string, std::uint64_t> events{};  ///< by kind

  std::vector<OutputFigures> outputs{};
  std::uint64_t spool_bytes{0};
  std::map<std::string, std::uint64_t>
      given_up{};  ///< events that the spool had no room for, by kind

  std::map<std::string, std::uint64_t> memory_bytes{};  ///< resident, by process
  std::uint64_t reloads_done{0};
  std::uint64_t reloads_refused{0};  ///< the old configuration was kept
};

}  // namespace remora::watch
