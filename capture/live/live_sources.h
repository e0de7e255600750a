#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "capture/live/frame_merger.h"
#include "capture/live/live_interface.h"

namespace remora::capture {

/// What an interface of the configuration does, and did since the start.
struct InterfaceStatus {
  std::string interface;
  bool capturing{false};
  std::string problem;               ///< why it does not capture, beginning with the interface
  LiveCounts counts;                 ///< of all times that it was open
  std::uint64_t delivered{0};        ///< frames handed on
  std::uint64_t delivered_bytes{0};  ///< of them, on the wire
};

/// The interfaces of the configuration: opens those that are there, waits for the others, opens
/// those anew that were deleted and made again, and hands on the frames of all in order of time.
class LiveSources {
 public:
  /// As with `LiveInterface::Take`: must not throw. Frames have no numbers.
  using Take = std::function<void(const Frame&)>;

  /// Opens nothing; the first `tick` does.
  LiveSources(std::vector<LiveSettings> interfaces, const MergeSettings& merge, Take take);
  LiveSources(const LiveSources&) = delete;
  LiveSources& operator=(const LiveSources&) = delete;
  LiveSources(LiveSources&&) = delete;
  LiveSources& operator=(LiveSources&&) = delete;
  ~LiveSources() = default;

  /// To be called once a second, and at the start: looks after the interfaces.
  void tick(LoopTime now);

  /// Reads, without waiting, at most `most` frames of each interface. True: there may be more now.
  [[nodiscard]] bool read(std::size_t most, LoopTime now);

  /// For the end: waits until the kernel has given its last, partly filled blocks, and hands on all
  /// that was captured until then. Takes twice the longest timeout, and five seconds at most.
  void drain(LoopTime now);

  /// What to wait on; to be asked again after every `tick` and `read`.
  [[nodiscard]] std::vector<platform::Waitable> descriptors() const;
  /// How long at most to wait on them.
  [[nodiscard]] std::chrono::milliseconds patience() const;

  [[nodiscard]] std::size_t capturing() const;
  [[nodiscard]] std::vector<InterfaceStatus> status();

  /// Changes since it was last asked, in their order, for the log: "eth1: captures", "eth1: is
  /// down", "eth1: there is no such interface". Each once. LIMIT: the first hundred.
  [[nodiscard]] std::vector<std::string> take_news();

 private:
  using Interface = std::unique_ptr<LiveInterface>;
  struct Slot {
    LiveSettings settings;
    Interface current;
    Interface leaving;  ///< deleted; still has frames in its ring, until `leaves_at`
    LoopTime leaves_at{};
    bool up{false};
    std::string problem;
    LiveCounts before;  ///< of those that were closed
    std::uint64_t delivered{0};
    std::uint64_t delivered_bytes{0};
  };

  [[nodiscard]] ReadState read_from(std::size_t slot, LiveInterface& interface, std::size_t most,
                                    LoopTime now);
  void open(std::size_t slot);
  static void close_leaving(Slot& slot);
  void note(std::size_t slot, ReadState state, LoopTime now);
  void set_up(std::size_t slot);
  void set_away(std::size_t slot, std::string problem);
  void tell(std::string news);

  std::vector<Slot> slots_;
  Take take_;
  FrameMerger merger_;
  std::vector<std::string> news_;
};

}  // namespace remora::capture
